package io.krystaline.sink.store;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.platform.db.DatabaseUnavailableException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The in-memory twin of {@link PostgresBaselineStore}, held by the same contract. */
public final class InMemoryBaselineStore implements BaselineStore {
  private final Map<OperationKey, StoredBaseline> baselines =
      new TreeMap<>(InMemoryStatisticsStore.KEY_ORDER);
  private boolean unavailable;

  /** While set, every call throws {@link DatabaseUnavailableException}. */
  public synchronized void setUnavailable(boolean value) {
    unavailable = value;
  }

  @Override
  public synchronized void save(List<StoredBaseline> saved) {
    check();
    Set<OperationKey> keys = new HashSet<>();
    for (StoredBaseline baseline : saved) {
      if (!keys.add(baseline.operation())) {
        throw new IllegalArgumentException("two baselines of " + baseline.operation());
      }
    }
    for (StoredBaseline baseline : saved) {
      OperationKey key = StoredText.clean(baseline.operation());
      baselines.put(key, new StoredBaseline(key, baseline.calculated(), baseline.payload()));
    }
  }

  @Override
  public synchronized List<StoredBaseline> loadAll() {
    check();
    return List.copyOf(baselines.values());
  }

  @Override
  public synchronized long deleteCalculatedBefore(Instant time) {
    check();
    int before = baselines.size();
    baselines.values().removeIf(baseline -> baseline.calculated().isBefore(time));
    return before - (long) baselines.size();
  }

  private void check() {
    if (unavailable) {
      throw new DatabaseUnavailableException("the in-memory store is set to be unavailable");
    }
  }
}
