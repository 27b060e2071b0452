package io.krystaline.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JsonMessageTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private final ObjectMapper json = new ObjectMapper();

  @Test
  void pool_inJson_isStampedLikeInProtobuf() throws Exception {
    LoadShape shape = LoadShape.DEFAULTS.withBatch(64);
    BatchPool pool =
        SimulatedLoad.pools(shape, Encoding.JSON, 1, 4, 7, new EventClock(() -> NOW)).getFirst();
    Set<String> ids = new HashSet<>();
    Map<String, JsonNode> spans = new HashMap<>();
    for (int i = 0; i < WindowBuilder.BATCHES; i++) {
      Message message = pool.take().orElseThrow();
      for (JsonNode resource : json.readTree(message.bytes()).get("resourceSpans")) {
        for (JsonNode span : resource.get("scopeSpans").get(0).get("spans")) {
          assertThat(ids.add(span.get("spanId").asText())).isTrue();
          spans.put(span.get("spanId").asText(), span);
        }
      }
      pool.release(message);
    }

    assertThat(spans).hasSize(WindowBuilder.BATCHES * 64);
    long now = NOW.getEpochSecond() * 1_000_000_000L;
    for (JsonNode span : spans.values()) {
      assertThat(span.get("traceId").asText()).matches("[0-9a-f]{32}");
      assertThat(span.get("spanId").asText()).matches("[0-9a-f]{16}");
      assertThat(span.get("endTimeUnixNano").asLong()).isBetween(now - 5_000_000_000L, now);
      assertThat(span.get("startTimeUnixNano").asLong())
          .isLessThanOrEqualTo(span.get("endTimeUnixNano").asLong());
      if (span.has("parentSpanId")) {
        JsonNode parent = spans.get(span.get("parentSpanId").asText());
        assertThat(parent).isNotNull();
        assertThat(Objects.requireNonNull(parent).get("traceId")).isEqualTo(span.get("traceId"));
      }
    }
  }

  @Test
  void encode_textThatNeedsEscapes_isReadBackAsItWas() throws Exception {
    String text = "a \"quoted\" \\ line\nand a tab\t, ü and \u0001";
    ExportTraceServiceRequest request =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .addScopeSpans(
                        ScopeSpans.newBuilder()
                            .addSpans(
                                Span.newBuilder()
                                    .setName(text)
                                    .setSpanId(ByteString.copyFrom(new byte[8]))
                                    .addAttributes(
                                        KeyValue.newBuilder()
                                            .setKey("flag")
                                            .setValue(AnyValue.newBuilder().setBoolValue(true))))))
            .build();

    Window.Encoded encoded = JsonMessage.encode(request, 0);

    JsonNode span = json.readTree(encoded.bytes()).at("/resourceSpans/0/scopeSpans/0/spans/0");
    assertThat(span.get("name").asText()).isEqualTo(text);
    assertThat(span.at("/attributes/0/value/stringValue").asText()).contains("true");
    assertThat(encoded.places().spans()).isOne();
    Encoding.JSON.writeId(encoded.bytes(), encoded.places().spanId(0), 0x0123456789abcdefL);
    Encoding.JSON.writeTime(encoded.bytes(), encoded.places().end(0), 1_795_262_399_000_000_001L);
    assertThat(new String(encoded.bytes(), StandardCharsets.UTF_8))
        .contains("\"spanId\":\"0123456789abcdef\"")
        .contains("\"endTimeUnixNano\":\"1795262399000000001\"");
  }
}
