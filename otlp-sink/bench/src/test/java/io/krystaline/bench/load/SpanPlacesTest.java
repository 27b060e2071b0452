package io.krystaline.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpanPlacesTest {
  private static byte[] message(Span... spans) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (Span span : spans) {
      scope.addSpans(span);
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
        .build()
        .toByteArray();
  }

  private static ByteString id(int bytes, int value) {
    byte[] id = new byte[bytes];
    Arrays.fill(id, (byte) value);
    return ByteString.copyFrom(id);
  }

  @Test
  void ofProtobuf_aSpanWithEverything_findsTheFields() {
    byte[] bytes =
        message(
            Span.newBuilder()
                .setTraceId(id(16, 1))
                .setSpanId(id(8, 2))
                .setParentSpanId(id(8, 3))
                .setName("GET")
                .setStartTimeUnixNano(4)
                .setEndTimeUnixNano(5)
                .addEvents(Span.Event.newBuilder().setName("e").setTimeUnixNano(6))
                .build());

    SpanPlaces places = SpanPlaces.ofProtobuf(bytes);

    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(places.spans()).isOne();
    assertThat(buffer.getLong(places.traceId(0))).isEqualTo(0x0101010101010101L);
    assertThat(buffer.getLong(places.traceId(0) + 8)).isEqualTo(0x0101010101010101L);
    assertThat(buffer.getLong(places.spanId(0))).isEqualTo(0x0202020202020202L);
    assertThat(buffer.getLong(places.parentId(0))).isEqualTo(0x0303030303030303L);
    assertThat(buffer.getLong(places.start(0))).isEqualTo(4);
    assertThat(buffer.getLong(places.end(0))).isEqualTo(5);
    assertThat(places.events()).isOne();
    assertThat(places.eventSpan(0)).isZero();
    assertThat(buffer.getLong(places.eventTime(0))).isEqualTo(6);
  }

  @Test
  void ofProtobuf_absentFields_areNone() {
    SpanPlaces places =
        SpanPlaces.ofProtobuf(message(Span.newBuilder().setName("x").setSpanId(id(4, 1)).build()));

    assertThat(places.spans()).isOne();
    assertThat(places.traceId(0)).isEqualTo(-1);
    assertThat(places.spanId(0)).isEqualTo(-1);
    assertThat(places.parentId(0)).isEqualTo(-1);
    assertThat(places.start(0)).isEqualTo(-1);
    assertThat(places.end(0)).isEqualTo(-1);
    assertThat(places.events()).isZero();
  }

  @Test
  void ofProtobuf_manySpans_findsAll() {
    Span[] spans = new Span[1_300];
    Arrays.setAll(
        spans,
        i ->
            Span.newBuilder()
                .setSpanId(id(8, 1 + i % 100))
                .addEvents(Span.Event.newBuilder().setTimeUnixNano(i + 1))
                .build());

    SpanPlaces places = SpanPlaces.ofProtobuf(message(spans));

    assertThat(places.spans()).isEqualTo(1_300);
    assertThat(places.events()).isEqualTo(1_300);
    assertThat(places.eventSpan(1_299)).isEqualTo(1_299);
  }

  @Test
  void ofProtobuf_emptyAndWrongInput() {
    assertThat(SpanPlaces.ofProtobuf(new byte[0]).spans()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SpanPlaces.ofProtobuf(new byte[] {0x0a, 5, 1}));
  }

  @Test
  void singleSpan_ending_isAsAsked() throws Exception {
    SingleSpan.Of operation = new SingleSpan.Of("shop", "GET /x", 2);

    SingleSpan single =
        SingleSpan.ending(operation, 9_000_000_000L, Duration.ofSeconds(2), new Random(1));

    Span span =
        ExportTraceServiceRequest.parseFrom(single.bytes())
            .getResourceSpans(0)
            .getScopeSpans(0)
            .getSpans(0);
    assertThat(span.getName()).isEqualTo("GET /x");
    assertThat(span.getKindValue()).isEqualTo(2);
    assertThat(span.getStartTimeUnixNano()).isEqualTo(7_000_000_000L);
    assertThat(span.getEndTimeUnixNano()).isEqualTo(9_000_000_000L);
    assertThat(HexFormat.of().formatHex(span.getTraceId().toByteArray()))
        .isEqualTo(single.traceId());
    assertThat(HexFormat.of().formatHex(span.getSpanId().toByteArray())).isEqualTo(single.spanId());
    assertThat(single.length()).isEqualTo(single.bytes().length);
    assertThat(SingleSpan.operations(LoadShape.DEFAULTS)).hasSizeBetween(40, 80);
  }
}
