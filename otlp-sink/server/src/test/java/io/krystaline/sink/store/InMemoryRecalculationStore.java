package io.krystaline.sink.store;

import io.krystaline.platform.db.DatabaseUnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The in-memory twin of {@link PostgresRecalculationStore}, held by the same contract. */
public final class InMemoryRecalculationStore implements RecalculationStore {
  private record Row(RecalculationRun run, Instant renewed) {}

  private final TreeMap<Long, Row> rows = new TreeMap<>(Comparator.reverseOrder());
  private long lastId;
  private boolean unavailable;

  /** While set, every call throws {@link DatabaseUnavailableException}. */
  public synchronized void setUnavailable(boolean value) {
    unavailable = value;
  }

  @Override
  public synchronized RecalculationStart start(RecalculationKind kind, Instant now) {
    check();
    failAbandoned(now.minus(LEASE), now);
    for (Row row : rows.values()) {
      if (row.run().state() == RecalculationState.RUNNING) {
        return new RecalculationStart.AlreadyRunning(row.run());
      }
    }
    RecalculationRun run =
        new RecalculationRun(++lastId, kind, RecalculationState.RUNNING, now, null, 0, null);
    rows.put(run.id(), new Row(run, now));
    return new RecalculationStart.Started(run);
  }

  @Override
  public synchronized boolean renew(long id, Instant now, long operations) {
    check();
    return change(id, now, RecalculationState.RUNNING, null, operations, null);
  }

  @Override
  public synchronized void succeed(long id, Instant now, long operations) {
    check();
    change(id, now, RecalculationState.SUCCEEDED, now, operations, null);
  }

  @Override
  public synchronized void fail(long id, Instant now, String error) {
    check();
    Row row = rows.get(id);
    long operations = row == null ? 0 : row.run().operations();
    change(
        id,
        now,
        RecalculationState.FAILED,
        now,
        operations,
        StoredText.clean(error, StoredText.SENTENCE_BYTES_MAX));
  }

  @Override
  public synchronized int failAbandoned(Instant renewedBefore, Instant now) {
    check();
    int failed = 0;
    for (Row row : new ArrayList<>(rows.values())) {
      RecalculationRun run = row.run();
      if (run.state() == RecalculationState.RUNNING && row.renewed().isBefore(renewedBefore)) {
        change(run.id(), now, RecalculationState.FAILED, now, run.operations(), ABANDONED);
        failed++;
      }
    }
    return failed;
  }

  @Override
  public synchronized List<RecalculationRun> latest(int limit) {
    check();
    return rows.values().stream().map(Row::run).limit(limit).toList();
  }

  @Override
  public synchronized Optional<RecalculationRun> lastSucceeded() {
    check();
    return rows.values().stream()
        .map(Row::run)
        .filter(run -> run.state() == RecalculationState.SUCCEEDED)
        .findFirst();
  }

  @Override
  public synchronized long deleteFinishedBefore(Instant time) {
    Optional<RecalculationRun> kept = lastSucceeded();
    int before = rows.size();
    rows.values()
        .removeIf(
            row -> {
              Instant finished = row.run().finished();
              return finished != null
                  && finished.isBefore(time)
                  && kept.filter(row.run()::equals).isEmpty();
            });
    return before - (long) rows.size();
  }

  private boolean change(
      long id,
      Instant now,
      RecalculationState state,
      @Nullable Instant finished,
      long operations,
      @Nullable String error) {
    Row row = rows.get(id);
    if (row == null || row.run().state() != RecalculationState.RUNNING) {
      return false;
    }
    RecalculationRun run = row.run();
    rows.put(
        id,
        new Row(
            new RecalculationRun(id, run.kind(), state, run.started(), finished, operations, error),
            now));
    return true;
  }

  private void check() {
    if (unavailable) {
      throw new DatabaseUnavailableException("the in-memory store is set to be unavailable");
    }
  }
}
