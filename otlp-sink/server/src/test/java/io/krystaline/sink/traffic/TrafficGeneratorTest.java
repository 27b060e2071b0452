package io.krystaline.sink.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.decode.DecodeResult;
import io.krystaline.engine.decode.TraceDecoder;
import io.krystaline.engine.span.SpanBatch;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficGeneratorTest {
  private static final TrafficSettings SETTINGS = new TrafficSettings(7, 20, 1);
  private static final SimulatedSpans TEN_MINUTES = SimulatedSpans.of(SETTINGS, 600);

  @Test
  void spans_formTraces_withRootsAndParents() {
    Map<Long, SimulatedSpans.One> byId = new HashMap<>();
    TEN_MINUTES.spans().forEach(one -> byId.put(one.spanId(), one));
    int roots = 0;
    int orphans = 0;
    for (SimulatedSpans.One one : TEN_MINUTES.spans()) {
      SimulatedSpans.One parent = byId.get(one.parentId());
      if (one.parentId() == 0) {
        roots++;
        assertThat(one.service()).isIn("storefront", "partner-gateway");
      } else if (parent == null) {
        orphans++;
      } else {
        assertThat(parent.traceLow()).isEqualTo(one.traceLow());
        assertThat(one.span().getStartTimeUnixNano())
            .isGreaterThanOrEqualTo(parent.span().getStartTimeUnixNano());
        if (one.span().getKind() == Span.SpanKind.SPAN_KIND_SERVER) {
          assertThat(parent.span().getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
          assertThat(one.span().getEndTimeUnixNano())
              .isLessThanOrEqualTo(parent.span().getEndTimeUnixNano());
        }
        if (one.span().getKind() == Span.SpanKind.SPAN_KIND_CONSUMER) {
          assertThat(parent.span().getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_PRODUCER);
          assertThat(one.span().getStartTimeUnixNano())
              .isGreaterThan(parent.span().getEndTimeUnixNano());
          assertThat(one.span().getLinks(0).getSpanId()).isEqualTo(parent.span().getSpanId());
        }
      }
    }
    // Noon has about 1.35 times the average traffic of 20 traces a second.
    assertThat(roots).isBetween(12_000, 20_000);
    assertThat(orphans / (double) TEN_MINUTES.count()).isLessThan(0.001);
    assertThat(TEN_MINUTES.count() / (double) roots).isBetween(9.0, 16.0);
    assertThat(byId).hasSize(TEN_MINUTES.count());
  }

  @Test
  void spans_failSometimes_andFailedOnesSayWhy() {
    assertThat(TEN_MINUTES.failedShare()).isBetween(0.0005, 0.01);
    TEN_MINUTES
        .only(one -> one.failed() && one.span().getKind() == Span.SpanKind.SPAN_KIND_SERVER)
        .spans()
        .forEach(
            one -> {
              Span.Event event = one.span().getEvents(0);
              assertThat(event.getName()).isEqualTo("exception");
              assertThat(event.getAttributesList().stream().map(attribute -> attribute.getKey()))
                  .containsExactly("exception.type", "exception.message", "exception.stacktrace");
            });
  }

  @Test
  void spans_areDecodedByTheEngine_withoutARejectedOne() throws IOException {
    TraceDecoder decoder = new TraceDecoder();
    SpanBatch batch = new SpanBatch();
    long[] rows = {0};
    TrafficGenerator generator =
        new TrafficGenerator(SETTINGS, SimulatedSpans.NOON_NANOS, List.of());

    generator.runUntil(
        SimulatedSpans.NOON_NANOS + 60 * Season.SECOND,
        (bytes, length) -> {
          assertThat(decoder.decode(bytes, 0, length, batch)).isEqualTo(DecodeResult.DECODED);
          rows[0] += batch.spanCount();
        });

    assertThat(rows[0]).isBetween(generator.spans() - 2_000, generator.spans());
    assertThat(rows[0]).isPositive();
  }

  @Test
  void messages_comeInOrder_aSecondBehindTheirSpans() {
    long[] latest = new long[2_000];
    TEN_MINUTES
        .spans()
        .forEach(
            one ->
                latest[one.message()] =
                    Math.max(latest[one.message()], one.span().getEndTimeUnixNano()));
    for (int i = 2; i < 500; i++) {
      assertThat(latest[i]).isGreaterThan(latest[i - 1]);
    }
    TEN_MINUTES
        .spans()
        .forEach(
            one ->
                assertThat(latest[one.message()] - one.span().getEndTimeUnixNano())
                    .isLessThan(Season.SECOND));
  }

  @Test
  void durations_areHeavyTailed_andStarveNobody() {
    SimulatedSpans catalog = TEN_MINUTES.servers("catalog");
    double median = catalog.medianMillis();
    double longest =
        catalog.spans().stream().mapToDouble(SimulatedSpans.One::millis).max().orElse(0);

    assertThat(median).isBetween(3.0, 20.0);
    assertThat(longest).isGreaterThan(10 * median);
  }

  @Test
  void sameSeed_givesTheSameSpans_anotherOthers() {
    assertThat(SimulatedSpans.of(SETTINGS, 20)).isEqualTo(SimulatedSpans.of(SETTINGS, 20));
    assertThat(SimulatedSpans.of(new TrafficSettings(8, 20, 1), 20))
        .isNotEqualTo(SimulatedSpans.of(SETTINGS, 20));
  }

  @Test
  void sampledShare_keepsWholeTraces() {
    SimulatedSpans quarter = SimulatedSpans.of(new TrafficSettings(7, 20, 0.25), 600);

    assertThat(quarter.count() / (double) TEN_MINUTES.count()).isBetween(0.2, 0.3);
    assertThat(quarter.count() / (double) quarter.only(one -> one.parentId() == 0).count())
        .isBetween(9.0, 16.0);
  }

  @Test
  void faults_thatOverlap_orNameNobody_areRefused() {
    Fault first = new Fault(FaultKind.LATENCY, "cart", "", 0.5, 100, 200);
    Fault second = new Fault(FaultKind.ERRORS, "orders", "", 0.5, 199, 300);
    assertThatThrownBy(() -> new TrafficGenerator(SETTINGS, 1, List.of(second, first)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("overlap");
    Fault nobody = new Fault(FaultKind.ERRORS, "nobody", "", 0.5, 199, 300);
    assertThatThrownBy(() -> new TrafficGenerator(SETTINGS, 1, List.of(nobody)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nobody");
    assertThatThrownBy(() -> new Fault(FaultKind.ERRORS, "cart", "", Double.NaN, 1, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Fault(FaultKind.ERRORS, "cart", "", 1, 2, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TrafficSettings(1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TrafficSettings(1, 1, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
