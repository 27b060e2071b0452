package io.krystaline.sink.recalculate;

import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.HourSlice;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.platform.telemetry.Tally;
import io.krystaline.sink.store.BaselineStore;
import io.krystaline.sink.store.ExclusionStore;
import io.krystaline.sink.store.RecalculationRun;
import io.krystaline.sink.store.RecalculationStore;
import io.krystaline.sink.store.StatisticsStore;
import io.krystaline.sink.store.StoredBaseline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the directory at start: the stored baselines, and for operations that have none yet or one
 * of few samples their stored statistics, from which they go on learning. Used by one thread,
 * before spans are received.
 */
public final class BaselineLoader {
  private static final Logger logger = LoggerFactory.getLogger(BaselineLoader.class);

  private final OperationDirectory directory;
  private final BaselineStore baselines;
  private final StatisticsStore statistics;
  private final RecalculationStore runs;
  private final ExclusionStore exclusions;
  private final InstantSource clock;

  // State of one load.
  private final Set<OperationKey> settled = new HashSet<>();
  private int loaded;
  private int resumed;
  private int skipped;

  /**
   * What was found.
   *
   * @param baselines stored baselines that are in use again
   * @param resumed operations that go on learning from their stored statistics
   * @param skipped baselines and operations that could not be read, or for which there is no room
   */
  public record Loaded(int baselines, int resumed, int skipped) {}

  /** Loads from these stores. */
  public BaselineLoader(
      OperationDirectory directory,
      BaselineStore baselines,
      StatisticsStore statistics,
      RecalculationStore runs,
      ExclusionStore exclusions,
      InstantSource clock) {
    this.directory = directory;
    this.baselines = baselines;
    this.statistics = statistics;
    this.runs = runs;
    this.exclusions = exclusions;
    this.clock = clock;
  }

  /** Loads everything. Blocks on the stores. */
  public Loaded load() {
    long begin = System.nanoTime();
    Set<OperationKey> small = new HashSet<>();
    for (StoredBaseline stored : baselines.loadAll()) {
      loadBaseline(stored, small);
    }
    resume(small);
    logger.info(
        "loaded {} baselines, {} operations go on learning, {} left out, in {} ms",
        loaded,
        resumed,
        skipped,
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    return new Loaded(loaded, resumed, skipped);
  }

  private void loadBaseline(StoredBaseline stored, Set<OperationKey> small) {
    Baseline baseline;
    try {
      baseline = Baseline.fromBytes(stored.payload());
    } catch (IllegalArgumentException e) {
      skipped++;
      logger.warn(
          "the baseline of {} cannot be read; it will be recalculated", stored.operation(), e);
      return;
    }
    if (!Installer.install(directory, stored.operation(), baseline, null)) {
      skipped++;
      return;
    }
    loaded++;
    if (baseline.samples() < directory.settings().provisionalBelow()) {
      small.add(stored.operation());
    } else {
      settled.add(stored.operation());
    }
  }

  /** Teaches the operations that have no settled baseline what is stored of them. */
  private void resume(Set<OperationKey> small) {
    Instant oldest = clock.instant().minus(Duration.ofDays(directory.settings().historyDays()));
    Set<OperationKey> wanted = new HashSet<>(small);
    for (OperationKey changed :
        statistics.changedSince(
            runs.lastSucceeded().map(RecalculationRun::started).orElse(oldest))) {
      if (!settled.contains(changed)) {
        wanted.add(changed);
      }
    }
    if (wanted.isEmpty()) {
      return;
    }
    Tally corruptRows = new Tally();
    long oldestNanos = TimeUnit.SECONDS.toNanos(oldest.getEpochSecond());
    ExcludedHours excluded = new ExcludedHours(exclusions.since(oldestNanos));
    statistics.scan(
        wanted,
        HourSlice.epochHourOf(oldestNanos),
        (key, hours) -> {
          StoredHours read =
              StoredHours.read(excluded.without(key, hours), directory.settings(), corruptRows);
          if (read.history().count() > 0
              && Installer.install(directory, key, read.baseline(), read.history())) {
            resumed++;
          } else {
            skipped++;
          }
        });
  }
}
