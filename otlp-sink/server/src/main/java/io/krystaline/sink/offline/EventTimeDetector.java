package io.krystaline.sink.offline;

import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.detect.AlarmRules;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.score.RecentSpans;
import io.krystaline.engine.score.Scorer;
import io.krystaline.engine.score.ScoringSettings;
import io.krystaline.engine.score.TimeRange;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.sink.detect.DetectionSetup;
import io.krystaline.sink.recalculate.CronSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The whole engine over decoded batches, in event time: baselines, scoring and incidents, with
 * recalculation when the schedule says so. Nothing is written or stored.
 *
 * <p>{@link #learn} comes before {@link #add}. Owned by one thread.
 */
public final class EventTimeDetector {
  private final CronSchedule schedule;
  private final Scorer scorer;
  private final EventTimeBaselines baselines;
  private final IncidentRun incidents;
  private boolean learning;
  private long latestEndNanos;
  private long nextRecalculationNanos;

  /**
   * A detector that has seen nothing.
   *
   * @param schedule when baselines are recalculated
   * @param hashSeed seed of hash tables; results do not depend on it
   */
  public EventTimeDetector(
      BaselineSettings baselines,
      DirectoryLimits limits,
      ScoringSettings scoring,
      CronSchedule schedule,
      DetectionSetup detection,
      long hashSeed) {
    this.schedule = schedule;
    OperationDirectory directory = new OperationDirectory(baselines, limits, hashSeed);
    this.scorer =
        new Scorer(
            directory, new RecentSpans(scoring.recentSpans(), hashSeed), scoring.inEventTime());
    this.baselines = new EventTimeBaselines(directory, Duration.ofDays(baselines.historyDays()));
    this.incidents = new IncidentRun(detection, scorer, hashSeed);
  }

  /** Puts rules in force, for what comes. */
  public void rules(AlarmRules inForce) {
    incidents.rules(inForce);
  }

  /**
   * Takes in spans that are known to be normal.
   *
   * @throws IllegalStateException if spans were already watched
   */
  public void learn(SpanBatch batch) {
    learn(batch, TimeRange.ALL);
  }

  /** As {@link #learn(SpanBatch)}, but passes over spans that start out of a range. */
  public void learn(SpanBatch batch, TimeRange range) {
    if (!learning) {
      if (latestEndNanos > 0) {
        throw new IllegalStateException("learning comes before watching");
      }
      learning = true;
      incidents.beginLearning();
    }
    scorer.learn(batch, 0, range);
    incidents.add(batch);
    moveOn(batch, range);
  }

  /** Ends a recording that was learned: the next one may be of any time. */
  public void endLearned() {
    if (learning) {
      incidents.endLearning();
      incidents.beginLearning();
    }
  }

  /** Takes in spans to be watched. */
  public void add(SpanBatch batch) {
    add(batch, TimeRange.ALL);
  }

  /** As {@link #add(SpanBatch)}, but passes over spans that start out of a range. */
  public void add(SpanBatch batch, TimeRange range) {
    if (learning) {
      learning = false;
      incidents.endLearning();
      baselines.recalculate(scorer, latestEndNanos);
    }
    moveOn(batch, range);
    recalculateIfDue();
    scorer.score(batch, 0, range, (spans, row, anomaly) -> {});
    incidents.add(batch);
  }

  /** Ends the stream: the incidents in the order in which they were opened, in their last state. */
  public List<Incident> finish() {
    return incidents.finish();
  }

  private void recalculateIfDue() {
    if (latestEndNanos == 0 || latestEndNanos < nextRecalculationNanos) {
      return;
    }
    if (nextRecalculationNanos > 0) {
      baselines.recalculate(scorer, nextRecalculationNanos);
    }
    nextRecalculationNanos =
        schedule
            .next(Instant.ofEpochSecond(0, latestEndNanos))
            .map(next -> Math.multiplyExact(next.getEpochSecond(), 1_000_000_000L))
            .orElse(Long.MAX_VALUE);
  }

  private void moveOn(SpanBatch batch, TimeRange range) {
    for (int row = 0; row < batch.spanCount(); row++) {
      if (!range.contains(batch.startNanos(row))) {
        continue;
      }
      latestEndNanos = Math.max(latestEndNanos, batch.endNanos(row));
    }
  }
}
