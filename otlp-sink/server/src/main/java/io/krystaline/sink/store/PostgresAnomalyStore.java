package io.krystaline.sink.store;

import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import io.krystaline.platform.db.Database;
import io.krystaline.platform.db.SqlArray;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Anomalies in PostgreSQL: one statement stores any number of them, as columns. */
public final class PostgresAnomalyStore implements AnomalyStore {
  private static final String INSERT_SPANS =
      """
      INSERT INTO trace_span (start_ns, trace_id, span_id, span, stored_at)
      SELECT *, :now FROM unnest(:start, :traceId, :spanId, :span)
      ON CONFLICT DO NOTHING
      """;

  /**
   * The limit within keeps the planner to one look into the index for each trace. As a join or by
   * {@code ANY} it reads the whole table as long as there are no statistics of it.
   */
  static final String STORED_SPANS =
      """
      SELECT wanted.trace_id, stored.span_id
      FROM unnest(:ids) AS wanted(trace_id),
        LATERAL (SELECT span_id FROM trace_span s WHERE s.trace_id = wanted.trace_id LIMIT :max) stored
      """;

  private static final long QUARTER_HOUR_NANOS = Duration.ofMinutes(15).toNanos();

  private final Database database;
  private final InstantSource clock;
  private final int spansPerTraceMax;

  /**
   * A store over a database that is started by somebody else.
   *
   * @param clock gives the time of storing, from which age counts
   * @param spansPerTraceMax the most spans that are kept of a trace beside its anomalies, 1 or more
   */
  public PostgresAnomalyStore(Database database, InstantSource clock, int spansPerTraceMax) {
    if (spansPerTraceMax < 1) {
      throw new IllegalArgumentException("the spans of a trace are 1 or more");
    }
    this.database = database;
    this.clock = clock;
    this.spansPerTraceMax = spansPerTraceMax;
  }

  @Override
  public List<Anomaly> save(List<AnomalyRecord> records) {
    if (records.isEmpty()) {
      return List.of();
    }
    // One order for all writers: two that save the same anomalies wait for each other, and do not
    // deadlock.
    List<AnomalyRecord> ordered = new ArrayList<>(records);
    ordered.sort(Comparator.comparing(record -> SpanKey.of(record.anomaly()), SpanKey.ORDER));
    AnomalyColumns columns = new AnomalyColumns(ordered);
    Set<SpanKey> stored =
        database.withConnection("save anomalies", connection -> columns.insert(connection, now()));
    return records.stream()
        .map(AnomalyRecord::anomaly)
        .filter(anomaly -> stored.remove(SpanKey.of(anomaly)))
        .toList();
  }

  @Override
  public long saveSpans(List<TraceSpan> spans) {
    Map<SpanKey, TraceSpan> distinct = new TreeMap<>(SpanKey.ORDER);
    spans.forEach(span -> distinct.putIfAbsent(SpanKey.of(span), span));
    if (distinct.isEmpty()) {
      return 0;
    }
    return database.withHandle(
        "save spans",
        handle -> {
          Map<TraceId, Set<SpanId>> stored = storedSpans(handle, distinct.keySet());
          List<TraceSpan> kept = new ArrayList<>();
          long dropped = 0;
          for (TraceSpan span : distinct.values()) {
            Set<SpanId> ofTrace = stored.computeIfAbsent(span.traceId(), id -> new HashSet<>());
            if (ofTrace.contains(span.spanId())) {
              continue;
            }
            if (ofTrace.size() < spansPerTraceMax) {
              ofTrace.add(span.spanId());
              kept.add(span);
            } else {
              dropped++;
            }
          }
          if (!kept.isEmpty()) {
            insertSpans(handle, kept);
          }
          return dropped;
        });
  }

  /** The stored spans of some traces, as many of each as there may be. */
  private Map<TraceId, Set<SpanId>> storedSpans(Handle handle, Collection<SpanKey> spans) {
    Map<TraceId, Set<SpanId>> stored = new HashMap<>();
    handle
        .createQuery(STORED_SPANS)
        .bind(
            "ids",
            SqlArray.ofBytes(
                spans.stream()
                    .map(SpanKey::traceId)
                    .distinct()
                    .map(IdBytes::of)
                    .toArray(byte[][]::new)))
        .bind("max", spansPerTraceMax)
        .map((row, context) -> SpanKey.read(row))
        .forEach(
            key -> stored.computeIfAbsent(key.traceId(), id -> new HashSet<>()).add(key.spanId()));
    return stored;
  }

  private void insertSpans(Handle handle, List<TraceSpan> spans) {
    handle
        .createUpdate(INSERT_SPANS)
        .bind("now", now())
        .bind("start", SqlArray.ofLongs(spans.stream().mapToLong(TraceSpan::startNanos).toArray()))
        .bind("traceId", SqlArray.ofBytes(traceIds(spans)))
        .bind("spanId", SqlArray.ofBytes(spanIds(spans)))
        .bind("span", SqlArray.ofBytes(spans.stream().map(TraceSpan::span).toArray(byte[][]::new)))
        .execute();
  }

  private static byte[][] traceIds(List<TraceSpan> spans) {
    return spans.stream().map(span -> IdBytes.of(span.traceId())).toArray(byte[][]::new);
  }

  private static byte[][] spanIds(List<TraceSpan> spans) {
    return spans.stream().map(span -> IdBytes.of(span.spanId())).toArray(byte[][]::new);
  }

  @Override
  public Page<Anomaly> find(AnomalyFilter filter, int limit, @Nullable AnomalyCursor cursor) {
    if (limit < 1 || limit > PAGE_LIMIT_MAX) {
      throw new IllegalArgumentException("a page's limit is 1 to " + PAGE_LIMIT_MAX);
    }
    Conditions conditions = AnomalyConditions.of(filter, cursor);
    String sql =
        "SELECT "
            + AnomalyColumns.NAMES
            + " FROM anomaly"
            + conditions.where()
            + " ORDER BY start_ns DESC, trace_id DESC, span_id DESC LIMIT :limit";
    List<Anomaly> found =
        database.withHandle(
            "find anomalies",
            handle ->
                conditions
                    .bind(handle.createQuery(sql))
                    .bind("limit", limit + 1)
                    .map((row, context) -> AnomalyColumns.read(row))
                    .list());
    if (found.size() <= limit) {
      return new Page<>(found, null);
    }
    return new Page<>(found.subList(0, limit), AnomalyCursor.after(found.get(limit - 1)));
  }

  @Override
  public Optional<Anomaly> byId(TraceId traceId, SpanId spanId) {
    String sql =
        "SELECT "
            + AnomalyColumns.NAMES
            + " FROM anomaly WHERE trace_id = :traceId AND span_id = :spanId";
    return database.withHandle(
        "read an anomaly",
        handle ->
            handle
                .createQuery(sql)
                .bind("traceId", IdBytes.of(traceId))
                .bind("spanId", IdBytes.of(spanId))
                .map((row, context) -> AnomalyColumns.read(row))
                .findOne());
  }

  @Override
  public Optional<StoredTrace> trace(TraceId traceId) {
    Set<SpanId> anomalous = new HashSet<>();
    List<TraceSpan> spans =
        database.withHandle(
            "read a trace",
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT start_ns, span_id, span, true AS anomalous FROM anomaly
                        WHERE trace_id = :id
                        UNION ALL
                        SELECT start_ns, span_id, span, false FROM trace_span s
                        WHERE trace_id = :id AND NOT EXISTS (SELECT FROM anomaly a
                          WHERE a.trace_id = s.trace_id AND a.span_id = s.span_id)
                        ORDER BY start_ns, span_id
                        """)
                    .bind("id", IdBytes.of(traceId))
                    .map(
                        (row, context) -> {
                          SpanId spanId = IdBytes.spanId(row.getBytes("span_id"));
                          if (row.getBoolean("anomalous")) {
                            anomalous.add(spanId);
                          }
                          return new TraceSpan(
                              traceId, spanId, row.getLong("start_ns"), row.getBytes("span"));
                        })
                    .list());
    return spans.isEmpty()
        ? Optional.empty()
        : Optional.of(new StoredTrace(traceId, spans, anomalous));
  }

  @Override
  public List<TimeCount> countByTime(AnomalyFilter filter, Duration interval) {
    long length = AnomalyStore.intervalNanos(interval);
    Conditions conditions = AnomalyConditions.of(filter, null);
    String sql =
        "SELECT start_ns / :length * :length AS interval_start, severity, count(*) FROM anomaly"
            + conditions.where()
            + " GROUP BY 1, 2 ORDER BY 1, 2";
    return database.withHandle(
        "count anomalies",
        handle ->
            conditions
                .bind(handle.createQuery(sql))
                .bind("length", length)
                .map(
                    (row, context) ->
                        new TimeCount(
                            row.getLong(1), Severity.ofLevel(row.getInt(2)), row.getLong(3)))
                .list());
  }

  @Override
  public Map<String, Long> countByService(AnomalyFilter filter) {
    Conditions conditions = AnomalyConditions.of(filter, null);
    String sql = "SELECT service, count(*) FROM anomaly" + conditions.where() + " GROUP BY service";
    Map<String, Long> counts = new TreeMap<>();
    database.withHandle(
        "count anomalies",
        handle -> {
          conditions
              .bind(handle.createQuery(sql))
              .map((row, context) -> Map.entry(row.getString(1), row.getLong(2)))
              .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
          return null;
        });
    return counts;
  }

  /** The zone's offsets are applied here and not in SQL, as the names of zones differ. */
  @Override
  public List<Long> countByHourOfWeek(AnomalyFilter filter, ZoneId zone) {
    Conditions conditions = AnomalyConditions.of(filter, null);
    String sql =
        "SELECT start_ns / :quarter, count(*) FROM anomaly" + conditions.where() + " GROUP BY 1";
    Long[] counts = new Long[168];
    Arrays.fill(counts, 0L);
    database.withHandle(
        "count anomalies",
        handle -> {
          conditions
              .bind(handle.createQuery(sql))
              .bind("quarter", QUARTER_HOUR_NANOS)
              .map((row, context) -> new long[] {row.getLong(1), row.getLong(2)})
              .forEach(
                  row -> {
                    ZonedDateTime start = Instant.ofEpochSecond(row[0] * 900).atZone(zone);
                    int hour = (start.getDayOfWeek().getValue() - 1) * 24 + start.getHour();
                    counts[hour] += row[1];
                  });
          return null;
        });
    return List.of(counts);
  }

  @Override
  public long deleteStoredBefore(Instant time, int limit) {
    return deleteOld("anomaly", time, limit) + deleteOld("trace_span", time, limit);
  }

  private long deleteOld(String table, Instant time, int limit) {
    String sql =
        "DELETE FROM %s WHERE ctid = ANY(ARRAY(SELECT ctid FROM %s WHERE stored_at < :time LIMIT :limit))"
            .formatted(table, table);
    return database.inTransaction(
        "delete old rows",
        handle ->
            (long)
                handle
                    .createUpdate(sql)
                    .bind("time", time.atOffset(ZoneOffset.UTC))
                    .bind("limit", limit)
                    .execute());
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }
}
