package io.krystaline.sink.api;

import static io.krystaline.sink.api.ApiFixture.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import io.krystaline.sink.store.TraceSpan;
import io.krystaline.sink.view.EpochNanos;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryAndTraceApiTest extends ApiTest {
  @Test
  void history_lastDay_countsBySeverityServiceAndHour() throws Exception {
    sink.anomaly(CART, 1, NOON.minus(Duration.ofHours(2)), 1, NO_SPAN);
    sink.anomaly(CART, 2, NOON.minus(Duration.ofHours(2)), 2, NO_SPAN);
    sink.anomaly(AUTH, 2, NOON.minus(Duration.ofHours(26)), 3, NO_SPAN);

    JsonNode body = get(BASE + "history", "", 200).body();
    JsonNode hourly =
        get(BASE + "history", "bucket=PT1H&from=2026-11-17T00:00:00Z&service=auth", 200).body();

    assertThat(body.get("total").asLong()).isEqualTo(2);
    assertThat(body.get("bucketSeconds").asLong()).isEqualTo(1_800);
    assertThat(body.get("items")).hasSize(48);
    assertThat(body.at("/items/44/severities/sev1").asLong()).isEqualTo(1);
    assertThat(body.at("/items/44/total").asLong()).isEqualTo(2);
    assertThat(body.at("/services/0/service").asText()).isEqualTo("cart");
    assertThat(body.at("/hoursOfWeek/0/day").asText()).isEqualTo("WEDNESDAY");
    assertThat(body.at("/hoursOfWeek/0/hour").asInt()).isEqualTo(10);
    assertThat(hourly.get("items")).hasSize(36);
    assertThat(hourly.get("total").asLong()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "from=1900-01-01T00:00:00Z",
    "until=9999-01-01T00:00:00Z",
    "from=2030-01-01T00:00:00Z",
    "from=2026-11-18T11:59:59.5Z",
    "from=2026-11-18T11:59:59.1Z&until=2026-11-18T11:59:59.2Z",
  })
  void history_oddTimes_isBounded(String query) throws Exception {
    JsonNode body = get(BASE + "history", query, 200).body();

    assertThat(body.get("items").size()).isBetween(1, 62);
  }

  @Test
  void trace_kept_showsEverythingOfItsSpans() throws Exception {
    Anomaly anomaly = sink.anomaly(CART, 1, NOON, 0xab, span(0xab, 0xcd));
    TraceId traceId = anomaly.traceId();
    long parentStart = EpochNanos.of(NOON) - 1_000_000;
    anomalies.saveSpans(
        List.of(new TraceSpan(traceId, new SpanId(0xcd), parentStart, span(0xcd, 0))));

    JsonNode body = get(BASE + "traces/{traceId}", BASE + "traces/" + traceId, "", 200).body();

    assertThat(body.get("complete").asBoolean()).isTrue();
    assertThat(texts(body.get("spans"), "spanId"))
        .containsExactly("00000000000000cd", "00000000000000ab");
    JsonNode child = body.at("/spans/1");
    assertThat(child.get("parentSpanId").asText()).isEqualTo("00000000000000cd");
    assertThat(child.get("anomalyId").asText()).isEqualTo(anomaly.id());
    assertThat(child.get("service").asText()).isEqualTo("cart");
    assertThat(child.get("kind").asText()).isEqualTo("SERVER");
    assertThat(child.get("status").asText()).isEqualTo("ERROR");
    assertThat(child.get("durationMillis").asDouble()).isEqualTo(99.6);
    assertThat(child.get("attributes").toString())
        .isEqualTo(
            "{\"text\":\"x\",\"whole\":7,\"huge\":\"9223372036854775807\",\"nan\":\"NaN\","
                + "\"list\":[true],\"bytes\":\"AQI=\",\"empty\":\"\"}");
    assertThat(child.at("/events/0/name").asText()).isEqualTo("exception");
    assertThat(body.at("/spans/0/parentSpanId").isNull()).isTrue();
    assertThat(body.at("/spans/0/anomalyId").isNull()).isTrue();
  }

  @Test
  void trace_parentMissing_isNotComplete() throws Exception {
    Anomaly anomaly = sink.anomaly(CART, 1, NOON, 0xab, span(0xab, 0xcd));

    JsonNode body =
        get(BASE + "traces/{traceId}", BASE + "traces/" + anomaly.traceId(), "", 200).body();

    assertThat(body.get("complete").asBoolean()).isFalse();
  }

  private static KeyValue attribute(String key, AnyValue.Builder value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  private static ByteString id(long id) {
    return ByteString.copyFrom(java.nio.ByteBuffer.allocate(8).putLong(id).array());
  }

  private static byte[] span(long spanId, long parentId) {
    long start = EpochNanos.of(NOON);
    Span.Builder span =
        Span.newBuilder()
            .setSpanId(id(spanId))
            .setName("GET /")
            .setKind(Span.SpanKind.SPAN_KIND_SERVER)
            .setStartTimeUnixNano(start)
            .setEndTimeUnixNano(start + 99_600_000)
            .setStatus(
                Status.newBuilder()
                    .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                    .setMessage("broken"))
            .addAttributes(attribute("text", AnyValue.newBuilder().setStringValue("x")))
            .addAttributes(attribute("whole", AnyValue.newBuilder().setIntValue(7)))
            .addAttributes(attribute("huge", AnyValue.newBuilder().setIntValue(Long.MAX_VALUE)))
            .addAttributes(attribute("nan", AnyValue.newBuilder().setDoubleValue(Double.NaN)))
            .addAttributes(
                attribute(
                    "list",
                    AnyValue.newBuilder()
                        .setArrayValue(
                            ArrayValue.newBuilder()
                                .addValues(AnyValue.newBuilder().setBoolValue(true)))))
            .addAttributes(
                attribute(
                    "bytes",
                    AnyValue.newBuilder().setBytesValue(ByteString.copyFrom(new byte[] {1, 2}))))
            .addAttributes(attribute("empty", AnyValue.newBuilder()))
            .addEvents(Span.Event.newBuilder().setName("exception").setTimeUnixNano(start))
            .addLinks(Span.Link.newBuilder().setSpanId(id(9)));
    if (parentId != 0) {
      span.setParentSpanId(id(parentId));
    }
    return TracesData.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(
                    Resource.newBuilder()
                        .addAttributes(
                            attribute(
                                "service.name", AnyValue.newBuilder().setStringValue("cart"))))
                .addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
        .build()
        .toByteArray();
  }
}
