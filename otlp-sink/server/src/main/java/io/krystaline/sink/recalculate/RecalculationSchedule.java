package io.krystaline.sink.recalculate;

import io.krystaline.platform.lifecycle.PeriodicTask;
import io.krystaline.sink.store.RecalculationKind;
import io.krystaline.sink.store.RecalculationRun;
import io.krystaline.sink.store.RecalculationStart;
import io.krystaline.sink.store.RecalculationStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the nightly recalculation when it is due. One that was missed, as the sink was not running
 * then, is made up for soon after the start. Thread-safe.
 */
public final class RecalculationSchedule implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(RecalculationSchedule.class);

  private final CronSchedule schedule;
  private final Recalculator recalculator;
  private final RecalculationStore runs;
  private final InstantSource clock;
  private final PeriodicTask task;
  private Optional<Instant> due = Optional.empty();
  private boolean known;

  /** A schedule that is not started. */
  public RecalculationSchedule(
      RecalculationSettings settings,
      CronSchedule schedule,
      Recalculator recalculator,
      RecalculationStore runs,
      InstantSource clock) {
    this.schedule = schedule;
    this.recalculator = recalculator;
    this.runs = runs;
    this.clock = clock;
    task =
        new PeriodicTask(
            "recalculation-schedule", settings.checkInterval(), settings.stopLimit(), this::check);
  }

  /** Starts the thread. */
  public void start() {
    task.start();
  }

  /** The cron expression and its zone. */
  public CronSchedule schedule() {
    return schedule;
  }

  /** When the next run is due by the expression; empty if never. */
  public Optional<Instant> next() {
    return schedule.next(clock.instant());
  }

  /** Starts a run if one is due. */
  synchronized void check() {
    Instant now = clock.instant();
    if (!known) {
      due = schedule.next(runs.lastSucceeded().map(RecalculationRun::started).orElse(now));
      known = true;
    }
    if (due.isEmpty() || now.isBefore(due.get())) {
      return;
    }
    if (recalculator.request(RecalculationKind.FULL)
        instanceof RecalculationStart.AlreadyRunning(RecalculationRun run)) {
      logger.info("the scheduled recalculation is left out, run {} is under way", run.id());
    }
    due = schedule.next(now);
  }

  @Override
  public void close() {
    task.close();
  }
}
