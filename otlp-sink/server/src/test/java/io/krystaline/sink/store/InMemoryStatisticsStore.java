package io.krystaline.sink.store;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.platform.db.DatabaseUnavailableException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** The in-memory twin of {@link PostgresStatisticsStore}, held by the same contract. */
public final class InMemoryStatisticsStore implements StatisticsStore {
  private final InstantSource clock;
  private final HourMerger merger;
  private final Map<OperationKey, TreeMap<Long, HourRow>> hours = new TreeMap<>(KEY_ORDER);
  private final Map<OperationKey, Instant> changed = new TreeMap<>(KEY_ORDER);
  private final Map<UUID, Long> sequences = new HashMap<>();
  private boolean unavailable;

  /** By service, operation, kind. */
  static final Comparator<OperationKey> KEY_ORDER =
      Comparator.comparing(OperationKey::service)
          .thenComparing(OperationKey::operation)
          .thenComparing(OperationKey::kind);

  public InMemoryStatisticsStore(InstantSource clock, HourMerger merger) {
    this.clock = clock;
    this.merger = merger;
  }

  /** While set, every call throws {@link DatabaseUnavailableException}. */
  public synchronized void setUnavailable(boolean value) {
    unavailable = value;
  }

  @Override
  public synchronized boolean merge(CheckpointId checkpoint, List<HourRow> rows) {
    check();
    Set<List<Object>> keys = new HashSet<>();
    for (HourRow row : rows) {
      if (!keys.add(List.of(row.operation(), row.epochHour()))) {
        throw new IllegalArgumentException(
            "two rows of " + row.operation() + " in hour " + row.epochHour());
      }
    }
    if (sequences.getOrDefault(checkpoint.run(), 0L) >= checkpoint.sequence()) {
      return false;
    }
    sequences.put(checkpoint.run(), checkpoint.sequence());
    for (HourRow row : rows) {
      OperationKey key = StoredText.clean(row.operation());
      hours
          .computeIfAbsent(key, absent -> new TreeMap<>())
          .merge(row.epochHour(), row.withOperation(key), merger::merge);
      changed.put(key, clock.instant());
    }
    return true;
  }

  @Override
  public synchronized void scan(long sinceEpochHour, HoursVisitor visitor) {
    check();
    hours.forEach(
        (key, rows) -> {
          List<HourRow> wanted = List.copyOf(rows.tailMap(sinceEpochHour, true).values());
          if (!wanted.isEmpty()) {
            visitor.onOperation(key, wanted);
          }
        });
  }

  @Override
  public synchronized void scan(
      Collection<OperationKey> operations, long sinceEpochHour, HoursVisitor visitor) {
    Set<OperationKey> wanted = Set.copyOf(operations);
    scan(
        sinceEpochHour,
        (key, rows) -> {
          if (wanted.contains(key)) {
            visitor.onOperation(key, rows);
          }
        });
  }

  @Override
  public synchronized List<OperationKey> changedSince(Instant time) {
    check();
    Instant since = time.minus(CHANGED_OVERLAP);
    return changed.entrySet().stream()
        .filter(e -> !e.getValue().isBefore(since))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public synchronized long deleteBefore(long epochHour, int limit) {
    check();
    long deleted = 0;
    for (TreeMap<Long, HourRow> rows : hours.values()) {
      while (deleted < limit && !rows.isEmpty() && rows.firstKey() < epochHour) {
        rows.pollFirstEntry();
        deleted++;
      }
    }
    return deleted;
  }

  private void check() {
    if (unavailable) {
      throw new DatabaseUnavailableException("the in-memory store is set to be unavailable");
    }
  }
}
