package io.krystaline.sink.pipeline;

import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import io.krystaline.platform.db.DatabaseException;
import io.krystaline.platform.db.DatabaseUnavailableException;
import io.krystaline.sink.store.AnomalyCursor;
import io.krystaline.sink.store.AnomalyFilter;
import io.krystaline.sink.store.AnomalyRecord;
import io.krystaline.sink.store.AnomalyStore;
import io.krystaline.sink.store.InMemoryAnomalyStore;
import io.krystaline.sink.store.Page;
import io.krystaline.sink.store.StoredTrace;
import io.krystaline.sink.store.TimeCount;
import io.krystaline.sink.store.TraceSpan;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The in-memory twin behind a switch; it refuses trace 666 as a database refuses a row it can't
 * hold.
 */
final class SwitchedStore implements AnomalyStore {
  private static final long POISON = 666;

  volatile boolean available = true;
  private final InMemoryAnomalyStore store = new InMemoryAnomalyStore();
  private final Set<Anomaly> saved = ConcurrentHashMap.newKeySet();

  void probe() {
    if (!available) {
      throw new DatabaseUnavailableException("switched off");
    }
  }

  List<Anomaly> saved() {
    return List.copyOf(saved);
  }

  int spansOf(long trace) {
    return store.trace(new TraceId(0, trace)).map(found -> found.spans().size()).orElse(0);
  }

  @Override
  public List<Anomaly> save(List<AnomalyRecord> records) {
    probe();
    if (records.stream().anyMatch(record -> record.anomaly().traceId().low() == POISON)) {
      throw new DatabaseException("value out of range", new IllegalStateException("poison"));
    }
    List<Anomaly> fresh = store.save(records);
    saved.addAll(fresh);
    return fresh;
  }

  @Override
  public long saveSpans(List<TraceSpan> spans) {
    probe();
    return store.saveSpans(spans);
  }

  @Override
  public Page<Anomaly> find(AnomalyFilter filter, int limit, @Nullable AnomalyCursor cursor) {
    return store.find(filter, limit, cursor);
  }

  @Override
  public Optional<Anomaly> byId(TraceId traceId, SpanId spanId) {
    return store.byId(traceId, spanId);
  }

  @Override
  public Optional<StoredTrace> trace(TraceId traceId) {
    return store.trace(traceId);
  }

  @Override
  public List<TimeCount> countByTime(AnomalyFilter filter, Duration interval) {
    return store.countByTime(filter, interval);
  }

  @Override
  public Map<String, Long> countByService(AnomalyFilter filter) {
    return store.countByService(filter);
  }

  @Override
  public List<Long> countByHourOfWeek(AnomalyFilter filter, ZoneId zone) {
    return store.countByHourOfWeek(filter, zone);
  }

  @Override
  public long deleteStoredBefore(Instant time, int limit) {
    return store.deleteStoredBefore(time, limit);
  }
}
