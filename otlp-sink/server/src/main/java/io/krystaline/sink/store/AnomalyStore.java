package io.krystaline.sink.store;

import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps anomalies, and the spans of the traces that they belong to.
 *
 * <p>Every method may block on a database and is therefore not for event loops. Every method throws
 * {@link io.krystaline.platform.db.DatabaseUnavailableException} where the database cannot be
 * reached, is shutting down, is out of disk or does not answer in time; the call may be repeated,
 * as every write is idempotent. Safe for use by several threads.
 *
 * <p>Texts are stored without NUL characters and lone surrogates (each becomes U+FFFD) and within
 * the lengths of {@link StoredText}. Anomalies are listed by start time, the newest first, then by
 * trace and span id.
 */
public interface AnomalyStore {

  /** The most items on one page. */
  int PAGE_LIMIT_MAX = 1_000;

  /**
   * Stores anomalies with their own spans in one transaction: when this returns, all of them are
   * durable. One whose trace and span id is known already is left as it was first stored.
   *
   * @return those that were not known before, in the order given
   */
  List<Anomaly> save(List<AnomalyRecord> records);

  /**
   * Adds spans to the traces of anomalies in one transaction. A span that is known is left as it
   * is; spans beyond the cap of spans in a trace are dropped.
   *
   * @return how many were dropped because their trace is full
   */
  long saveSpans(List<TraceSpan> spans);

  /**
   * Lists anomalies, the newest first by start time.
   *
   * @param limit the most items wanted, 1 to {@link #PAGE_LIMIT_MAX}
   * @param cursor where the page begins; null for the first page
   */
  Page<Anomaly> find(AnomalyFilter filter, int limit, @Nullable AnomalyCursor cursor);

  /** One anomaly. */
  Optional<Anomaly> byId(TraceId traceId, SpanId spanId);

  /** What is kept of a trace; empty where nothing is. */
  Optional<StoredTrace> trace(TraceId traceId);

  /**
   * Counts by interval of start time and by severity, in the order of time, then severity.
   *
   * @param interval the length of an interval, at least one second
   * @throws IllegalArgumentException if the interval is shorter than a second
   */
  List<TimeCount> countByTime(AnomalyFilter filter, Duration interval);

  /** Counts by service; a service without an anomaly is left out. Ordered by name. */
  Map<String, Long> countByService(AnomalyFilter filter);

  /**
   * Counts by hour of the week of the start time in a time zone: 168 counts, index 0 is Monday
   * 00:00, index 167 is Sunday 23:00. Exact for zones whose offsets are multiples of 15 minutes.
   */
  List<Long> countByHourOfWeek(AnomalyFilter filter, ZoneId zone);

  /**
   * Deletes a bounded number of anomalies and spans that were stored before a time. Age counts from
   * storing and not from the span's own time, so that a replayed recording is kept as long as live
   * traffic.
   *
   * @param limit the most anomalies, and the most other spans, to delete in this call
   * @return how many were deleted of both
   */
  long deleteStoredBefore(Instant time, int limit);

  /** An interval of {@link #countByTime} in nanoseconds. */
  static long intervalNanos(Duration interval) {
    if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("an interval is a second or more, not " + interval);
    }
    return interval.toNanos();
  }
}
