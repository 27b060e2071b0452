package io.krystaline.sink.recalculate;

import io.krystaline.engine.baseline.HourSlice;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.platform.db.DatabaseException;
import io.krystaline.platform.telemetry.Tally;
import io.krystaline.sink.checkpoint.Checkpoint;
import io.krystaline.sink.incident.Excluder;
import io.krystaline.sink.incident.ExclusionResult;
import io.krystaline.sink.store.BaselineStore;
import io.krystaline.sink.store.Exclusion;
import io.krystaline.sink.store.ExclusionStore;
import io.krystaline.sink.store.StatisticsStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes an excluded interval out of the baselines in use, at once: what the operations that it
 * covers have learned up to now is stored, and their baselines are made anew from the hours that
 * are left, what is in memory of the current hour included. A full recalculation may be under way
 * that has read the hours before; the one that follows it puts that right.
 *
 * <p>Blocks on the store. Thread-safe.
 */
public final class BaselineExcluder implements Excluder {
  private static final Logger logger = LoggerFactory.getLogger(BaselineExcluder.class);

  /** More operations than this are left to the recalculation that follows, as it takes long. */
  static final int OPERATIONS_MAX = 500;

  private static final int BATCH = 100;

  private final OperationDirectory directory;
  private final StatisticsStore statistics;
  private final BaselineStore baselines;
  private final ExclusionStore exclusions;
  private final Checkpoint checkpoint;
  private final InstantSource clock;

  /** An excluder over these stores. */
  public BaselineExcluder(
      OperationDirectory directory,
      StatisticsStore statistics,
      BaselineStore baselines,
      ExclusionStore exclusions,
      Checkpoint checkpoint,
      InstantSource clock) {
    this.directory = directory;
    this.statistics = statistics;
    this.baselines = baselines;
    this.exclusions = exclusions;
    this.checkpoint = checkpoint;
    this.clock = clock;
  }

  @Override
  public ExclusionResult exclude(Exclusion exclusion) {
    List<OperationKey> covered =
        directory.operations().stream().map(Operation::key).filter(exclusion::covers).toList();
    if (covered.size() > OPERATIONS_MAX) {
      return new ExclusionResult(
          0, covered.size() + " operations are covered; the recalculation makes them anew");
    }
    try {
      long made = recalculate(covered);
      return new ExclusionResult(
          Math.toIntExact(made), "their baselines are made anew without the hours it touches");
    } catch (DatabaseException e) {
      logger.warn("exclusion {} could not be taken out at once", exclusion.id(), e);
      return new ExclusionResult(
          0, "the database did not answer; the recalculation makes the baselines anew");
    }
  }

  private long recalculate(List<OperationKey> covered) {
    if (covered.isEmpty()) {
      return 0;
    }
    checkpoint.run();
    Instant now = clock.instant();
    Instant oldest = now.minus(Duration.ofDays(directory.settings().historyDays()));
    long oldestNanos = TimeUnit.SECONDS.toNanos(oldest.getEpochSecond());
    RecalculationPass pass =
        new RecalculationPass(
            BATCH,
            directory,
            baselines,
            now,
            new ExcludedHours(exclusions.since(oldestNanos)),
            new Tally());
    statistics.scan(covered, HourSlice.epochHourOf(oldestNanos), pass::take);
    pass.finish();
    return pass.operations();
  }
}
