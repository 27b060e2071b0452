package io.krystaline.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.score.ExpectedDuration;
import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.engine.span.TraceId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link AnomalyStore} does. */
abstract class AnomalyStoreContract {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  /** Monday, 09:10 UTC. */
  private static final Instant START = Instant.parse("2026-11-16T09:10:00.123456789Z");

  private Instant now = NOW;

  abstract AnomalyStore store(InstantSource clock, int spansPerTraceMax);

  private AnomalyStore store() {
    return store(() -> now, 3);
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }

  static AnomalyRecord record(
      long trace, long span, String service, String operation, int severity, long startNanos) {
    Anomaly anomaly =
        new Anomaly(
            new TraceId(trace, ~trace),
            new SpanId(span),
            new OperationKey(service, operation, SpanKind.SERVER),
            Severity.ofLevel(severity),
            startNanos,
            startNanos + 1_500_000,
            startNanos + 2_000_000,
            1.95,
            new ExpectedDuration(89.5, 5.25, 88, 97, 99.5, 412, "Monday 09:00"),
            "expected 89 ± 5 ms");
    return new AnomalyRecord(anomaly, new byte[] {1, 0, (byte) 255, (byte) span});
  }

  static List<AnomalyRecord> random(int count, long seed, int spanBytes) {
    Random random = new Random(seed);
    List<AnomalyRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] span = new byte[spanBytes];
      random.nextBytes(span);
      AnomalyRecord record =
          record(
              random.nextLong(),
              random.nextLong(),
              "service " + random.nextInt(10),
              "operation " + random.nextInt(200),
              1 + random.nextInt(5),
              nanos(START) + random.nextLong(Duration.ofDays(2).toNanos()));
      records.add(new AnomalyRecord(record.anomaly(), span));
    }
    return records;
  }

  private static List<AnomalyRecord> atMinutes(long... minutes) {
    return LongStream.of(minutes)
        .mapToObj(m -> record(m, m + 1, "s", "o", 1, nanos(START.plus(Duration.ofMinutes(m)))))
        .toList();
  }

  @Test
  void save_none_isNothing() {
    assertThat(store().save(List.of())).isEmpty();
    assertThat(store().saveSpans(List.of())).isZero();
    assertThat(store().find(AnomalyFilter.ALL, 10, null)).isEqualTo(new Page<>(List.of(), null));
  }

  @Test
  void save_everyField_comesBack() {
    AnomalyStore store = store();
    AnomalyRecord record = record(-1, Long.MIN_VALUE, "cart", "GET /", 2, nanos(START));
    assertThat(store.save(List.of(record))).containsExactly(record.anomaly());
    assertThat(store.byId(record.anomaly().traceId(), record.anomaly().spanId()))
        .contains(record.anomaly());
    assertThat(store.byId(record.anomaly().traceId(), new SpanId(9))).isEmpty();
    StoredTrace trace = store.trace(record.anomaly().traceId()).orElseThrow();
    assertThat(trace.spans().getFirst().span()).isEqualTo(record.span());
    assertThat(trace.anomalousSpanIds()).containsExactly(record.anomaly().spanId());
  }

  @Test
  void save_notANumberAndInfinity_areKept() {
    AnomalyStore store = store();
    Anomaly plain = record(1, 2, "s", "o", 1, 5).anomaly();
    Anomaly odd =
        new Anomaly(
            plain.traceId(),
            plain.spanId(),
            plain.operation(),
            plain.severity(),
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            0,
            Double.POSITIVE_INFINITY,
            new ExpectedDuration(Double.NaN, 0, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, 1, ""),
            "");
    store.save(List.of(new AnomalyRecord(odd, new byte[0])));
    assertThat(store.byId(odd.traceId(), odd.spanId())).contains(odd);
  }

  @Test
  void save_knownAnomaly_staysAsItWas() {
    AnomalyStore store = store();
    AnomalyRecord first = record(1, 2, "s", "first", 1, 10);
    AnomalyRecord again = record(1, 2, "s", "again", 2, 20);
    AnomalyRecord other = record(1, 3, "s", "other", 2, 20);
    assertThat(store.save(List.of(first, again))).containsExactly(first.anomaly());
    assertThat(store.save(List.of(again, other))).containsExactly(other.anomaly());
    assertThat(store.byId(new TraceId(1, ~1L), new SpanId(2))).contains(first.anomaly());
  }

  @Test
  void save_textsThatPostgresCannotHold_areCleaned() {
    AnomalyStore store = store();
    store.save(List.of(record(1, 2, "a\0b\uD800", "x".repeat(5_000), 1, 10)));
    OperationKey key = store.find(AnomalyFilter.ALL, 1, null).items().getFirst().operation();
    assertThat(key.service()).isEqualTo("a\uFFFDb\uFFFD");
    assertThat(key.operation()).hasSize(StoredText.NAME_BYTES_MAX);
  }

  @Test
  void find_pages_giveEachOnceInOrder() {
    AnomalyStore store = store();
    List<AnomalyRecord> records = new ArrayList<>(random(40, 1, 4));
    for (int i = 0; i < 20; i++) { // ties in time
      records.add(record(i % 4 - 2, i, "s", "o", 3, nanos(START)));
    }
    store.save(records);
    List<Anomaly> seen = new ArrayList<>();
    @Nullable AnomalyCursor cursor = null;
    do {
      Page<Anomaly> page = store.find(AnomalyFilter.ALL, 7, cursor);
      seen.addAll(page.items());
      cursor = page.nextCursor() == null ? null : AnomalyCursor.decode(page.nextCursor().encode());
    } while (cursor != null);
    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(records.stream().map(AnomalyRecord::anomaly).toList())
        .isSortedAccordingTo(
            Comparator.comparingLong(Anomaly::startNanos)
                .thenComparing(Anomaly::traceId, IdOrder.TRACE)
                .thenComparing(Anomaly::spanId, IdOrder.SPAN)
                .reversed());
  }

  @Test
  void find_exactlyOnePage_hasNoCursor() {
    AnomalyStore store = store();
    store.save(atMinutes(1, 2, 3));
    assertThat(store.find(AnomalyFilter.ALL, 3, null).nextCursor()).isNull();
    assertThat(store.find(AnomalyFilter.ALL, 2, null).nextCursor()).isNotNull();
  }

  @Test
  void find_wrongLimit_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> store().find(AnomalyFilter.ALL, 0, null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store().find(AnomalyFilter.ALL, AnomalyStore.PAGE_LIMIT_MAX + 1, null));
  }

  @Test
  void find_filters_agreeWithTheFilterItself() {
    AnomalyStore store = store();
    List<AnomalyRecord> records = random(200, 2, 4);
    store.save(records);
    Anomaly some = records.getFirst().anomaly();
    List<AnomalyFilter> filters =
        List.of(
            AnomalyFilter.ALL.service(some.operation().service()),
            AnomalyFilter.ALL.service("none"),
            AnomalyFilter.ALL.operation(some.operation().operation()),
            AnomalyFilter.ALL.minSeverity(Severity.MAJOR),
            AnomalyFilter.ALL.from(some.startNanos()),
            AnomalyFilter.ALL.until(some.startNanos()),
            AnomalyFilter.ALL.detectedSince(some.detectedNanos()),
            AnomalyFilter.ALL
                .service(some.operation().service())
                .minSeverity(Severity.MODERATE)
                .from(some.startNanos() - Duration.ofHours(9).toNanos())
                .until(some.startNanos() + Duration.ofHours(9).toNanos()));
    for (AnomalyFilter filter : filters) {
      List<Anomaly> expected =
          records.stream().map(AnomalyRecord::anomaly).filter(filter::matches).toList();
      assertThat(store.find(filter, 1_000, null).items())
          .as("%s", filter)
          .containsExactlyInAnyOrderElementsOf(expected);
      assertThat(store.countByService(filter).values().stream().mapToLong(n -> n).sum())
          .isEqualTo(expected.size());
    }
  }

  @Test
  void saveSpans_withAnomalies_makeOneTrace() {
    AnomalyStore store = store();
    TraceId traceId = new TraceId(7, ~7L);
    store.save(List.of(record(7, 2, "s", "o", 1, 200), record(8, 2, "s", "o", 1, 1)));
    assertThat(
            store.saveSpans(
                List.of(span(7, 1, 100), span(7, 2, 200), span(7, 3, 200), span(7, 1, 100))))
        .isZero();
    assertThat(store.saveSpans(List.of(span(7, 1, 999)))).isZero();
    StoredTrace trace = store.trace(traceId).orElseThrow();
    assertThat(trace.spans()).extracting(span -> span.spanId().value()).containsExactly(1L, 2L, 3L);
    assertThat(trace.spans()).extracting(TraceSpan::startNanos).containsExactly(100L, 200L, 200L);
    assertThat(trace.anomalousSpanIds()).containsExactly(new SpanId(2));
    assertThat(store.trace(new TraceId(1, 1))).isEmpty();
  }

  @Test
  void saveSpans_beyondTheCap_areDroppedAndCounted() {
    AnomalyStore store = store();
    assertThat(store.saveSpans(List.of(span(1, 1, 1), span(1, 2, 2)))).isZero();
    assertThat(store.saveSpans(List.of(span(1, 2, 2), span(1, 3, 3), span(1, 4, 4), span(2, 1, 1))))
        .isEqualTo(1);
    assertThat(store.trace(new TraceId(1, ~1L)).orElseThrow().spans()).hasSize(3);
    assertThat(store.trace(new TraceId(2, ~2L)).orElseThrow().spans()).hasSize(1);
  }

  private static TraceSpan span(long trace, long span, long start) {
    return new TraceSpan(new TraceId(trace, ~trace), new SpanId(span), start, new byte[] {1});
  }

  @Test
  void countByTime_putsEachIntoItsInterval() {
    AnomalyStore store = store();
    store.save(atMinutes(0, 1, 49, 50, 110));
    long nine = nanos(Instant.parse("2026-11-16T09:00:00Z"));
    long hour = Duration.ofHours(1).toNanos();
    assertThat(store.countByTime(AnomalyFilter.ALL, Duration.ofHours(1)))
        .containsExactly(
            new TimeCount(nine, Severity.CRITICAL, 3),
            new TimeCount(nine + hour, Severity.CRITICAL, 1),
            new TimeCount(nine + 2 * hour, Severity.CRITICAL, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.countByTime(AnomalyFilter.ALL, Duration.ofMillis(999)));
  }

  @Test
  void countByService_leavesOutThoseWithout() {
    AnomalyStore store = store();
    store.save(
        List.of(
            record(1, 1, "b", "o", 1, 1),
            record(2, 1, "a", "o", 1, 1),
            record(3, 1, "b", "o", 5, 1)));
    assertThat(store.countByService(AnomalyFilter.ALL)).isEqualTo(Map.of("a", 1L, "b", 2L));
    assertThat(store.countByService(AnomalyFilter.ALL.minSeverity(Severity.MINOR)))
        .isEqualTo(Map.of("a", 1L, "b", 1L));
  }

  @Test
  void countByHourOfWeek_followsTheZone() {
    AnomalyStore store = store();
    store.save(atMinutes(0, 20));
    List<Long> utc = store.countByHourOfWeek(AnomalyFilter.ALL, ZoneId.of("UTC"));
    assertThat(utc).hasSize(168);
    assertThat(utc.get(9)).isEqualTo(2);
    List<Long> india = store.countByHourOfWeek(AnomalyFilter.ALL, ZoneId.of("Asia/Kolkata"));
    assertThat(india.get(14)).isEqualTo(1); // 14:40
    assertThat(india.get(15)).isEqualTo(1); // 15:00
    List<Long> west = store.countByHourOfWeek(AnomalyFilter.ALL, ZoneId.of("-10:00"));
    assertThat(west.get(167)).isEqualTo(2); // Sunday 23:10 and 23:30
  }

  @Test
  void deleteStoredBefore_goesByTheTimeOfStoringInBatches() {
    AnomalyStore store = store();
    store.save(atMinutes(1, 2, 3));
    store.saveSpans(List.of(span(1, 9, 1)));
    now = NOW.plusSeconds(60);
    store.save(atMinutes(4));
    assertThat(store.deleteStoredBefore(NOW, 10)).isZero();
    assertThat(store.deleteStoredBefore(now, 2)).isEqualTo(3);
    assertThat(store.deleteStoredBefore(now, 2)).isEqualTo(1);
    assertThat(store.deleteStoredBefore(now, 2)).isZero();
    assertThat(store.find(AnomalyFilter.ALL, 10, null).items()).hasSize(1);
  }
}
