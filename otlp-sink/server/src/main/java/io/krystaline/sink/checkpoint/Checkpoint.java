package io.krystaline.sink.checkpoint;

import io.krystaline.engine.baseline.HourSlice;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.platform.db.DatabaseUnavailableException;
import io.krystaline.platform.lifecycle.PeriodicTask;
import io.krystaline.platform.telemetry.Metrics;
import io.krystaline.platform.telemetry.Tally;
import io.krystaline.sink.store.CheckpointId;
import io.krystaline.sink.store.HourRow;
import io.krystaline.sink.store.StatisticsStore;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what was learned since the last time: periodically of some operations after the others,
 * and of all when it is asked or closed.
 *
 * <p>Rows go in transactions of a bounded size, each with a number of its own. While the outcome of
 * one is unknown, it is kept and sent again with the same number and rows, so that nothing is lost
 * and nothing counted twice; the other operations keep what they learned meanwhile. Thread-safe:
 * one checkpoint runs at a time, further callers wait for it.
 */
public final class Checkpoint implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Checkpoint.class);

  private final CheckpointSettings settings;
  private final OperationDirectory directory;
  private final StatisticsStore store;
  private final LaneFlusher lanes;
  private final ServiceWindows windows;
  private final PeriodicTask task;
  private final Tally completed = new Tally();
  private final Tally failed = new Tally();
  private final Tally storedRows = new Tally();
  private final Tally lostSpans = new Tally();

  // Guarded by this.
  private CheckpointId next;
  private List<HourRow> unconfirmed = List.of();
  private int attempts;
  private int nextOperation;

  /**
   * A checkpoint that is not started.
   *
   * @param run drawn at random for this process
   */
  public Checkpoint(
      CheckpointSettings settings,
      OperationDirectory directory,
      StatisticsStore store,
      LaneFlusher lanes,
      ServiceWindows windows,
      UUID run) {
    this.settings = settings;
    this.directory = directory;
    this.store = store;
    this.lanes = lanes;
    this.windows = windows;
    next = new CheckpointId(run, 1);
    task =
        new PeriodicTask("checkpoint", settings.interval(), settings.stopLimit(), this::runOrWarn);
  }

  /** Starts the thread. */
  public void start() {
    task.start();
  }

  /** Shows its counters. */
  public void registerWith(Metrics metrics) {
    metrics.counter(
        "krystaline.sink.checkpoints.completed",
        "Checkpoints of statistics, each of all operations",
        completed::sum);
    metrics.counter(
        "krystaline.sink.checkpoints.failed",
        "Checkpoints of statistics that could not be stored yet",
        failed::sum);
    metrics.counter(
        "krystaline.sink.checkpoints.rows", "Rows of hourly statistics stored", storedRows::sum);
    metrics.counter(
        "krystaline.sink.checkpoints.lost_spans",
        "Spans whose statistics were given up as the database refused them",
        lostSpans::sum);
  }

  /**
   * Stores everything that was learned until now. Blocks on the store.
   *
   * @throws DatabaseUnavailableException if the store is away; what could not be stored is kept for
   *     the next time
   */
  public synchronized void run() {
    runFor(0, Integer.MAX_VALUE);
  }

  /** A checkpoint of operations by their indexes, from one to before another. */
  private void runFor(int from, int until) {
    try {
      lanes.flush(from, until);
      storeUnconfirmed();
      List<Operation> operations = directory.operations();
      drain(operations.subList(from, Math.min(until, operations.size())));
      boolean toTheEnd = until >= operations.size();
      nextOperation = toTheEnd ? 0 : until;
      if (toTheEnd) {
        completed.increment();
      }
    } catch (RuntimeException e) {
      failed.increment();
      throw e;
    }
  }

  /** Whether rows wait for the store to come back. */
  public synchronized boolean isBehind() {
    return !unconfirmed.isEmpty();
  }

  private void runOrWarn() {
    try {
      runPart();
    } catch (DatabaseUnavailableException e) {
      logger.warn("statistics could not be stored, they are kept: {}", e.getMessage());
    }
  }

  /** Goes on with the next operations, or with all where memory runs short. */
  private synchronized void runPart() {
    if (directory.pendingHours() > directory.limits().pendingHours() / 2) {
      run();
    } else {
      runFor(nextOperation, nextOperation + settings.operationsMax());
    }
  }

  private void drain(List<Operation> operations) {
    List<HourRow> rows = new ArrayList<>();
    for (Operation operation : operations) {
      String service = operation.key().service();
      operation.drainWithheld().ifPresent(arrived -> windows.add(service, arrived));
      for (HourSlice slice : operation.drainPending()) {
        windows.add(service, slice.statistics());
        rows.add(HourRows.row(operation.key(), slice.epochHour(), slice.statistics()));
      }
      if (rows.size() >= settings.rowsMax()) {
        unconfirmed = rows;
        rows = new ArrayList<>();
        storeUnconfirmed();
      }
    }
    unconfirmed = rows;
    storeUnconfirmed();
  }

  private void storeUnconfirmed() {
    if (unconfirmed.isEmpty()) {
      return;
    }
    try {
      store.merge(next, unconfirmed);
      storedRows.add(unconfirmed.size());
    } catch (DatabaseUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      if (++attempts < settings.attemptsMax()) {
        throw e;
      }
      long spans = unconfirmed.stream().mapToLong(HourRow::samples).sum();
      lostSpans.add(spans);
      logger.error("the statistics of {} spans are given up: they are refused", spans, e);
    }
    next = next.next();
    unconfirmed = List.of();
    attempts = 0;
  }

  /** Stops the thread, then stores what was learned until now. */
  @Override
  public void close() {
    task.close();
    run();
  }
}
