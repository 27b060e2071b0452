package io.krystaline.sink.store;

import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import io.krystaline.platform.db.DatabaseUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The in-memory twin of {@link PostgresAnomalyStore}, held by the same contract. */
public final class InMemoryAnomalyStore implements AnomalyStore {
  private static final Comparator<AnomalyCursor> CURSOR_ORDER =
      Comparator.comparingLong(AnomalyCursor::startNanos)
          .thenComparing(AnomalyCursor::traceId, IdOrder.TRACE)
          .thenComparing(AnomalyCursor::spanId, IdOrder.SPAN);

  @SuppressWarnings("ArrayRecordComponent") // nobody compares rows
  private record Row(Anomaly anomaly, byte[] span, Instant stored) {}

  private record SpanRow(TraceSpan span, Instant stored) {}

  private final InstantSource clock;
  private final int spansPerTraceMax;
  private final Map<SpanKey, Row> anomalies = new TreeMap<>(SpanKey.ORDER);
  private final Map<SpanKey, SpanRow> spans = new TreeMap<>(SpanKey.ORDER);
  private boolean unavailable;

  public InMemoryAnomalyStore(InstantSource clock, int spansPerTraceMax) {
    this.clock = clock;
    this.spansPerTraceMax = spansPerTraceMax;
  }

  /** With the system's clock and 10,000 spans in a trace. */
  public InMemoryAnomalyStore() {
    this(InstantSource.system(), 10_000);
  }

  /** While set, every call throws {@link DatabaseUnavailableException}. */
  public synchronized void setUnavailable(boolean value) {
    unavailable = value;
  }

  @Override
  public synchronized List<Anomaly> save(List<AnomalyRecord> records) {
    check();
    List<Anomaly> added = new ArrayList<>();
    for (AnomalyRecord record : records) {
      Anomaly anomaly = cleaned(record.anomaly());
      SpanKey key = SpanKey.of(anomaly);
      if (anomalies.putIfAbsent(key, new Row(anomaly, record.span(), clock.instant())) == null) {
        added.add(record.anomaly());
      }
    }
    return added;
  }

  @Override
  public synchronized long saveSpans(List<TraceSpan> added) {
    check();
    long dropped = 0;
    for (TraceSpan span : added) {
      SpanKey key = SpanKey.of(span);
      if (spans.containsKey(key)) {
        continue;
      }
      long held =
          spans.keySet().stream().filter(other -> other.traceId().equals(span.traceId())).count();
      if (held >= spansPerTraceMax) {
        dropped++;
      } else {
        spans.put(key, new SpanRow(span, clock.instant()));
      }
    }
    return dropped;
  }

  @Override
  public synchronized Page<Anomaly> find(
      AnomalyFilter filter, int limit, @Nullable AnomalyCursor cursor) {
    check();
    if (limit < 1 || limit > PAGE_LIMIT_MAX) {
      throw new IllegalArgumentException("limit is " + limit);
    }
    List<Anomaly> found =
        matching(filter)
            .filter(
                anomaly ->
                    cursor == null
                        || CURSOR_ORDER.compare(AnomalyCursor.after(anomaly), cursor) < 0)
            .sorted(Comparator.comparing(AnomalyCursor::after, CURSOR_ORDER).reversed())
            .limit(limit + 1L)
            .toList();
    if (found.size() <= limit) {
      return new Page<>(found, null);
    }
    return new Page<>(found.subList(0, limit), AnomalyCursor.after(found.get(limit - 1)));
  }

  @Override
  public synchronized Optional<Anomaly> byId(TraceId traceId, SpanId spanId) {
    check();
    return Optional.ofNullable(anomalies.get(new SpanKey(traceId, spanId))).map(Row::anomaly);
  }

  @Override
  public synchronized Optional<StoredTrace> trace(TraceId traceId) {
    check();
    Map<SpanKey, TraceSpan> found = new TreeMap<>(SpanKey.ORDER);
    spans.forEach(
        (key, row) -> {
          if (key.traceId().equals(traceId)) {
            found.put(key, row.span());
          }
        });
    Set<SpanId> anomalous = new HashSet<>();
    anomalies.forEach(
        (key, row) -> {
          if (key.traceId().equals(traceId)) {
            anomalous.add(key.spanId());
            long startNanos = row.anomaly().startNanos();
            found.put(key, new TraceSpan(traceId, key.spanId(), startNanos, row.span()));
          }
        });
    if (found.isEmpty()) {
      return Optional.empty();
    }
    List<TraceSpan> ordered =
        found.values().stream()
            .sorted(
                Comparator.comparingLong(TraceSpan::startNanos)
                    .thenComparing(TraceSpan::spanId, IdOrder.SPAN))
            .toList();
    return Optional.of(new StoredTrace(traceId, ordered, anomalous));
  }

  @Override
  public synchronized List<TimeCount> countByTime(AnomalyFilter filter, Duration interval) {
    check();
    long length = AnomalyStore.intervalNanos(interval);
    record Cell(long start, Severity severity) {}
    Map<Cell, Long> counts =
        matching(filter)
            .collect(
                Collectors.groupingBy(
                    a -> new Cell(a.startNanos() / length * length, a.severity()),
                    Collectors.counting()));
    return counts.entrySet().stream()
        .map(e -> new TimeCount(e.getKey().start(), e.getKey().severity(), e.getValue()))
        .sorted(Comparator.comparingLong(TimeCount::startNanos).thenComparing(TimeCount::severity))
        .toList();
  }

  @Override
  public synchronized Map<String, Long> countByService(AnomalyFilter filter) {
    check();
    return matching(filter)
        .collect(
            Collectors.groupingBy(
                a -> a.operation().service(), TreeMap::new, Collectors.counting()));
  }

  @Override
  public synchronized List<Long> countByHourOfWeek(AnomalyFilter filter, ZoneId zone) {
    check();
    Long[] counts = new Long[168];
    Arrays.fill(counts, 0L);
    matching(filter)
        .forEach(
            anomaly -> {
              ZonedDateTime start = Instant.ofEpochSecond(0, anomaly.startNanos()).atZone(zone);
              counts[(start.getDayOfWeek().getValue() - 1) * 24 + start.getHour()]++;
            });
    return List.of(counts);
  }

  @Override
  public synchronized long deleteStoredBefore(Instant time, int limit) {
    check();
    List<SpanKey> oldAnomalies =
        anomalies.entrySet().stream()
            .filter(e -> e.getValue().stored().isBefore(time))
            .map(Map.Entry::getKey)
            .limit(limit)
            .toList();
    List<SpanKey> oldSpans =
        spans.entrySet().stream()
            .filter(e -> e.getValue().stored().isBefore(time))
            .map(Map.Entry::getKey)
            .limit(limit)
            .toList();
    oldAnomalies.forEach(anomalies::remove);
    oldSpans.forEach(spans::remove);
    return oldAnomalies.size() + (long) oldSpans.size();
  }

  private Stream<Anomaly> matching(AnomalyFilter filter) {
    return anomalies.values().stream().map(Row::anomaly).filter(filter::matches);
  }

  private void check() {
    if (unavailable) {
      throw new DatabaseUnavailableException("the in-memory store is set to be unavailable");
    }
  }

  private static Anomaly cleaned(Anomaly anomaly) {
    return new Anomaly(
        anomaly.traceId(),
        anomaly.spanId(),
        StoredText.clean(anomaly.operation()),
        anomaly.severity(),
        anomaly.startNanos(),
        anomaly.endNanos(),
        anomaly.detectedNanos(),
        anomaly.deviation(),
        anomaly.expected(),
        StoredText.clean(anomaly.explanation(), StoredText.SENTENCE_BYTES_MAX));
  }
}
