package io.krystaline.sink.recalculate;

import io.krystaline.engine.baseline.HourSlice;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.platform.db.DatabaseException;
import io.krystaline.platform.telemetry.Metrics;
import io.krystaline.platform.telemetry.Tally;
import io.krystaline.platform.telemetry.TallyFamily;
import io.krystaline.sink.checkpoint.Checkpoint;
import io.krystaline.sink.store.BaselineStore;
import io.krystaline.sink.store.ExclusionStore;
import io.krystaline.sink.store.RecalculationKind;
import io.krystaline.sink.store.RecalculationRun;
import io.krystaline.sink.store.RecalculationStart;
import io.krystaline.sink.store.RecalculationStore;
import io.krystaline.sink.store.StatisticsStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes baselines anew from the hourly statistics of the last days, one run at a time, on a thread
 * of its own: operation by operation, so that memory does not grow with their number. What was
 * learned up to the start of a run is stored before, and so is part of it.
 *
 * <p>Each run is recorded in the {@link RecalculationStore}, which also keeps a second sink on the
 * same database from running at the same time. Thread-safe.
 */
public final class Recalculator implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Recalculator.class);

  /** The counters of the runs that ended, by state. */
  public static final String RUNS_METRIC = "krystaline.sink.recalculations";

  private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

  private final RecalculationSettings settings;
  private final OperationDirectory directory;
  private final StatisticsStore statistics;
  private final BaselineStore baselines;
  private final RecalculationStore runs;
  private final ExclusionStore exclusions;
  private final Checkpoint checkpoint;
  private final InstantSource clock;
  private final Tally succeeded = new Tally();
  private final Tally failed = new Tally();
  private final Tally corruptRows = new Tally();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  // Guarded by the lock.
  private @Nullable Thread thread;
  private boolean again;
  private volatile boolean closed;
  private volatile double lastSeconds;

  /** A recalculator at rest. */
  public Recalculator(
      RecalculationSettings settings,
      OperationDirectory directory,
      StatisticsStore statistics,
      BaselineStore baselines,
      RecalculationStore runs,
      ExclusionStore exclusions,
      Checkpoint checkpoint,
      InstantSource clock) {
    this.settings = settings;
    this.directory = directory;
    this.statistics = statistics;
    this.baselines = baselines;
    this.runs = runs;
    this.exclusions = exclusions;
    this.checkpoint = checkpoint;
    this.clock = clock;
  }

  /** Shows its counters: {@code krystaline_sink_recalculations_total{state}} and others. */
  public void registerWith(Metrics metrics) {
    TallyFamily family =
        metrics.tallies(RUNS_METRIC, "Recalculations of the baselines that ended", "state");
    counted = new Counted(family.of("succeeded"), family.of("failed"));
    metrics.counter(
        "krystaline.sink.recalculations.corrupt_rows",
        "Rows of hourly statistics that a recalculation could not read",
        corruptRows::sum);
    metrics.gauge(
        "krystaline.sink.recalculations.last_duration",
        "How long the last recalculation took",
        "s",
        () -> lastSeconds);
  }

  private record Counted(Tally succeeded, Tally failed) {}

  private volatile Counted counted = new Counted(succeeded, failed);

  /**
   * Begins a run, unless one is under way here or in another process. Blocks on the store for the
   * answer, not for the run.
   */
  public RecalculationStart request(RecalculationKind kind) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the recalculator is closed");
      }
      RecalculationStart start = runs.start(kind, clock.instant());
      if (start instanceof RecalculationStart.Started(RecalculationRun run)) {
        thread = Thread.ofPlatform().daemon().name("recalculation").start(() -> runAndRecord(run));
      }
      return start;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Begins a full run that sees everything that is stored by now: where a run is under way here,
   * another one follows it. Where one is under way in another process, nothing follows; the next
   * run of any process is the one. Blocks on the store for the answer, not for the run.
   */
  public RecalculationStart requestFresh() {
    lock.lock();
    try {
      RecalculationStart start = request(RecalculationKind.FULL);
      again |= start instanceof RecalculationStart.AlreadyRunning && thread != null;
      return start;
    } finally {
      lock.unlock();
    }
  }

  /** The newest runs, newest first. Blocks on the store. */
  public List<RecalculationRun> latest(int limit) {
    return runs.latest(limit);
  }

  /** Waits until no run is under way here; false if the time ran out. */
  public boolean awaitIdle(long limitMillis) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(limitMillis);
      while (thread != null && left > 0) {
        left = ended.awaitNanos(left);
      }
      return thread == null;
    } finally {
      lock.unlock();
    }
  }

  private void runAndRecord(RecalculationRun run) {
    long begin = System.nanoTime();
    try {
      long operations = recalculate(run);
      runs.succeed(run.id(), clock.instant(), operations);
      counted.succeeded().increment();
      logger.info(
          "recalculated {} baselines ({}) in {} ms",
          operations,
          run.kind(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    } catch (RuntimeException e) {
      counted.failed().increment();
      logger.error("the recalculation {} ({}) failed", run.id(), run.kind(), e);
      recordFailure(run, e);
    } finally {
      lastSeconds = (System.nanoTime() - begin) / 1e9;
      lock.lock();
      try {
        thread = null;
        follow();
        ended.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Begins the run that was asked for while one was under way. Under the lock. */
  private void follow() {
    if (!again || closed) {
      return;
    }
    again = false;
    try {
      request(RecalculationKind.FULL);
    } catch (DatabaseException e) {
      logger.error("a recalculation that was asked for could not begin", e);
    }
  }

  private long recalculate(RecalculationRun run) {
    storeWhatWasLearned();
    long since =
        HourSlice.epochHourOf(TimeUnit.SECONDS.toNanos(run.started().getEpochSecond()))
            - TimeUnit.DAYS.toHours(directory.settings().historyDays());
    RecalculationPass pass =
        new RecalculationPass(
            settings.batch(),
            directory,
            baselines,
            run.started(),
            new ExcludedHours(exclusions.since(since * HOUR_NANOS)),
            corruptRows);
    Heartbeat heartbeat = new Heartbeat(run, pass);
    Optional<RecalculationRun> last =
        run.kind() == RecalculationKind.FULL ? Optional.empty() : runs.lastSucceeded();
    if (last.isEmpty()) {
      statistics.scan(
          since,
          (operation, hours) -> {
            heartbeat.beat();
            pass.take(operation, hours);
          });
    } else {
      List<OperationKey> changed = statistics.changedSince(last.get().started());
      statistics.scan(
          changed,
          since,
          (operation, hours) -> {
            heartbeat.beat();
            pass.take(operation, hours);
          });
    }
    pass.finish();
    return pass.operations();
  }

  private void storeWhatWasLearned() {
    try {
      checkpoint.run();
    } catch (DatabaseException e) {
      logger.warn("recalculating without the latest statistics: {}", e.getMessage());
    }
  }

  private void recordFailure(RecalculationRun run, RuntimeException cause) {
    String reason = cause.getMessage();
    try {
      runs.fail(
          run.id(), clock.instant(), reason == null ? cause.getClass().getSimpleName() : reason);
    } catch (DatabaseException e) {
      // The run's lease runs out, and the next start records it as abandoned.
      logger.error("the failure of recalculation {} could not be recorded", run.id(), e);
    }
  }

  /** Renews the run now and then, and ends it where it is not wanted any more. */
  private final class Heartbeat {
    private final RecalculationRun run;
    private final RecalculationPass pass;
    private Instant due;

    Heartbeat(RecalculationRun run, RecalculationPass pass) {
      this.run = run;
      this.pass = pass;
      due = clock.instant().plus(settings.renewInterval());
    }

    void beat() {
      if (closed) {
        throw new RecalculationStoppedException("the sink was stopped");
      }
      Instant now = clock.instant();
      if (now.isBefore(due)) {
        return;
      }
      due = now.plus(settings.renewInterval());
      if (!runs.renew(run.id(), now, pass.operations())) {
        throw new RecalculationStoppedException("another sink took the run over");
      }
    }
  }

  /** Asks a run under way to end, and waits for it within the limit. */
  @Override
  public void close() {
    closed = true;
    try {
      if (!awaitIdle(settings.stopLimit().toMillis())) {
        logger.error("the recalculation did not stop; left behind");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
