package io.krystaline.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BatchPoolTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final LoadShape SHAPE = LoadShape.DEFAULTS.withBatch(128);

  private final EventClock clock = new EventClock(() -> NOW);
  private final BatchPool pool =
      SimulatedLoad.pools(SHAPE, Encoding.PROTOBUF, 1, 4, 7, clock).getFirst();

  private record Sent(String service, Span span) {}

  private List<Sent> take(int batches) throws InvalidProtocolBufferException {
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      Message message = pool.take().orElseThrow();
      assertThat(message.length()).isEqualTo(message.bytes().length);
      ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(message.bytes());
      int spans = 0;
      for (ResourceSpans resource : request.getResourceSpansList()) {
        String service =
            resource.getResource().getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals("service.name"))
                .map(attribute -> attribute.getValue().getStringValue())
                .findFirst()
                .orElseThrow();
        for (Span span : resource.getScopeSpans(0).getSpansList()) {
          sent.add(new Sent(service, span));
          spans++;
        }
      }
      assertThat(spans).isEqualTo(message.spans()).isEqualTo(SHAPE.batch());
      pool.release(message);
    }
    return sent;
  }

  @Test
  void take_manyTimes_neverRepeatsAnId() throws Exception {
    List<Sent> sent = take(3 * pool.size());

    Set<ByteString> ids = new HashSet<>();
    assertThat(sent).allSatisfy(each -> assertThat(ids.add(each.span().getSpanId())).isTrue());
    Set<ByteString> once =
        take(8).stream().map(each -> each.span().getTraceId()).collect(Collectors.toSet());
    assertThat(sent).noneMatch(each -> once.contains(each.span().getTraceId()));
  }

  @Test
  void take_aWindow_holdsWholeTraces() throws Exception {
    List<Sent> sent = take(WindowBuilder.BATCHES);

    Map<ByteString, Span> byId =
        sent.stream()
            .map(Sent::span)
            .collect(Collectors.toMap(Span::getSpanId, Function.identity()));
    Map<ByteString, List<Span>> traces =
        sent.stream().map(Sent::span).collect(Collectors.groupingBy(Span::getTraceId));
    for (List<Span> trace : traces.values()) {
      assertThat(trace).filteredOn(span -> span.getParentSpanId().isEmpty()).hasSize(1);
      for (Span span : trace) {
        if (!span.getParentSpanId().isEmpty()) {
          Span parent = Objects.requireNonNull(byId.get(span.getParentSpanId()));
          assertThat(parent.getTraceId()).isEqualTo(span.getTraceId());
          assertThat(span.getStartTimeUnixNano())
              .isGreaterThanOrEqualTo(parent.getStartTimeUnixNano());
          if (span.getKind() != Span.SpanKind.SPAN_KIND_CONSUMER) {
            // A microsecond each for the start and the duration, which are cut to whole ones.
            assertThat(span.getEndTimeUnixNano())
                .isLessThanOrEqualTo(parent.getEndTimeUnixNano() + 2_000);
          }
        }
      }
    }
    assertThat(sent.size() / (double) traces.size()).isBetween(10.0, 13.0);
  }

  @Test
  void take_spans_endShortlyBeforeTheClock() throws Exception {
    long now = NOW.getEpochSecond() * 1_000_000_000L;

    assertThat(take(pool.size()))
        .extracting(Sent::span)
        .allSatisfy(
            span -> {
              assertThat(span.getEndTimeUnixNano()).isBetween(now - 5_000_000_000L, now);
              assertThat(span.getStartTimeUnixNano())
                  .isLessThanOrEqualTo(span.getEndTimeUnixNano());
              span.getEventsList()
                  .forEach(
                      event ->
                          assertThat(event.getTimeUnixNano())
                              .isEqualTo(span.getStartTimeUnixNano() + 1));
            });
    clock.skip(Duration.ofSeconds(15));
    assertThat(take(8).stream().mapToLong(each -> each.span().getEndTimeUnixNano()).max().orElse(0))
        .isGreaterThan(now + 14_000_000_000L);
  }

  @Test
  void take_theLoad_isAsDescribed() throws Exception {
    int batches = pool.size();
    List<Sent> sent = take(batches);
    long bytes = 0;
    for (int i = 0; i < batches; i++) {
      Message message = pool.take().orElseThrow();
      bytes += message.length();
      pool.release(message);
    }

    double spans = sent.size();
    // With 128 spans a message the resources weigh more than with 512.
    assertThat(bytes / spans).isBetween(480.0, 640.0);
    assertThat(sent.stream().filter(each -> each.span().getEventsCount() > 0).count() / spans)
        .isBetween(0.04, 0.06);
    assertThat(sent.stream().map(Sent::service).distinct()).hasSize(20);
    assertThat(
            sent.stream()
                .map(each -> each.service() + each.span().getName() + each.span().getKindValue())
                .distinct())
        .hasSize(200);
    assertThat(sent.stream().flatMap(each -> each.span().getAttributesList().stream()))
        .extracting(KeyValue::getKey)
        .contains("http.route", "url.full", "db.query.text", "messaging.system");
  }

  @Test
  void take_anOperation_hasManyDurations() throws Exception {
    Map<String, Set<Long>> durations = new HashMap<>();
    for (Sent each : take(pool.size() * 4)) {
      durations
          .computeIfAbsent(each.service() + each.span().getName(), name -> new HashSet<>())
          .add(each.span().getEndTimeUnixNano() - each.span().getStartTimeUnixNano());
    }

    assertThat(durations.values()).allSatisfy(each -> assertThat(each).hasSizeGreaterThan(50));
  }

  @Test
  void take_allInFlight_isRefused() {
    for (int i = 0; i < pool.size(); i++) {
      assertThat(pool.take()).isPresent();
    }

    assertThatThrownBy(pool::take).hasMessageContaining("in flight");
  }

  @Test
  void pools_ofTwoConnections_shareNoIds() throws Exception {
    List<BatchPool> pools = SimulatedLoad.pools(SHAPE, Encoding.PROTOBUF, 2, 4, 7, clock);
    Set<ByteString> ids = new HashSet<>();
    int spans = 0;
    for (BatchPool each : pools) {
      for (int i = 0; i < 2 * each.size(); i++) {
        Message message = each.take().orElseThrow();
        for (ResourceSpans resource :
            ExportTraceServiceRequest.parseFrom(message.bytes()).getResourceSpansList()) {
          for (Span span : resource.getScopeSpans(0).getSpansList()) {
            ids.add(span.getSpanId());
            spans++;
          }
        }
        each.release(message);
      }
    }

    assertThat(ids).hasSize(spans);
  }

  @Test
  void limited_twoSources_stopTogether() {
    List<BatchPool> pools = SimulatedLoad.pools(SHAPE, Encoding.PROTOBUF, 2, 4, 7, clock);
    List<Limited> limited = Limited.all(pools, 200);

    assertThat(limited.getFirst().take()).isPresent();
    assertThat(limited.getLast().take()).isPresent();
    assertThat(limited.getFirst().take()).isEmpty();
    assertThat(limited.getLast().take()).isEmpty();
  }
}
