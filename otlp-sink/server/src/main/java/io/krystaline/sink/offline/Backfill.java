package io.krystaline.sink.offline;

import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.score.RecentSpans;
import io.krystaline.engine.score.Scorer;
import io.krystaline.engine.score.ScoringSettings;
import io.krystaline.engine.score.TimeRange;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.platform.db.Database;
import io.krystaline.sink.checkpoint.Checkpoint;
import io.krystaline.sink.checkpoint.CheckpointSettings;
import io.krystaline.sink.checkpoint.HourRows;
import io.krystaline.sink.checkpoint.ServiceWindows;
import io.krystaline.sink.recalculate.RecalculationSettings;
import io.krystaline.sink.recalculate.Recalculator;
import io.krystaline.sink.store.BaselineStore;
import io.krystaline.sink.store.PostgresBaselineStore;
import io.krystaline.sink.store.PostgresExclusionStore;
import io.krystaline.sink.store.PostgresRecalculationStore;
import io.krystaline.sink.store.PostgresStatisticsStore;
import io.krystaline.sink.store.RecalculationKind;
import io.krystaline.sink.store.RecalculationRun;
import io.krystaline.sink.store.RecalculationStart;
import io.krystaline.sink.store.RecalculationState;
import io.krystaline.sink.store.RecalculationStore;
import io.krystaline.sink.store.StatisticsStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/**
 * Teaches a store from history: learns spans without scoring them, adds their hourly statistics to
 * the store, and recalculates all baselines. Teaching the same history twice counts it twice, as
 * statistics carry no span ids.
 *
 * <p>Used once, by one thread, on an open database that no other sink with the embedded database
 * uses.
 */
public final class Backfill implements AutoCloseable {
  private static final long SPANS_PER_CHECKPOINT = 500_000;
  private static final Duration HEALTH_WINDOW = Duration.ofMinutes(5);
  private static final Duration RECALCULATION_LIMIT = Duration.ofHours(2);

  /**
   * What was learned.
   *
   * @param spans spans learned
   * @param operations operations that have a baseline now
   * @param rejected documents and spans that could not be used
   */
  public record Result(long spans, long operations, long rejected) {}

  private final Scorer scorer;
  private final Checkpoint checkpoint;
  private final Recalculator recalculator;
  private final RecordedSpans recorded;
  private final int documentBytesMax;
  private final Progress progress;
  private long learned;
  private long nextCheckpointAt = SPANS_PER_CHECKPOINT;

  /** A backfill into a started database. */
  public Backfill(
      Database database,
      OperationDirectory directory,
      ScoringSettings scoring,
      int documentBytesMax,
      InstantSource clock,
      Progress progress) {
    StatisticsStore statistics = new PostgresStatisticsStore(database, clock, HourRows.MERGER);
    BaselineStore baselines = new PostgresBaselineStore(database);
    RecalculationStore runs = new PostgresRecalculationStore(database);
    this.scorer =
        new Scorer(
            directory,
            new RecentSpans(scoring.recentSpans(), directory.hashSeed()),
            scoring.inEventTime());
    this.checkpoint =
        new Checkpoint(
            CheckpointSettings.defaults(),
            directory,
            statistics,
            (from, until) -> scorer.flush(from, until, 0),
            new ServiceWindows(clock, HEALTH_WINDOW),
            UUID.randomUUID());
    this.recalculator =
        new Recalculator(
            RecalculationSettings.defaults(),
            directory,
            statistics,
            baselines,
            runs,
            new PostgresExclusionStore(database),
            checkpoint,
            clock);
    this.recorded = new RecordedSpans(documentBytesMax);
    this.documentBytesMax = documentBytesMax;
    this.progress = progress;
  }

  /** Learns the spans of recordings that start in a range. */
  public void learn(List<Path> files, TimeRange range) throws IOException {
    for (Path file : files) {
      Recording recording = new Recording(file, documentBytesMax);
      progress.start("learn", recording);
      recorded.read(recording, batch -> learn(batch, range));
    }
  }

  /** Learns the spans of services that start between two times, from Jaeger. */
  public void learn(JaegerHistory jaeger, List<String> services, Instant from, Instant until)
      throws IOException {
    for (String service : services) {
      jaeger.read(service, from, until, batch -> learn(batch, TimeRange.ALL));
    }
  }

  /**
   * Stores what was learned and recalculates all baselines.
   *
   * @throws IOException if the recalculation failed, or another one is under way
   */
  public Result finish() throws IOException {
    progress.done();
    checkpoint.run();
    RecalculationStart start = recalculator.request(RecalculationKind.FULL);
    if (start instanceof RecalculationStart.AlreadyRunning) {
      throw new IOException(
          "the history is stored, but a recalculation is under way: ask for another one when it has"
              + " ended");
    }
    try {
      if (!recalculator.awaitIdle(RECALCULATION_LIMIT.toMillis())) {
        throw new IOException("the recalculation did not end within " + RECALCULATION_LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while baselines were recalculated", e);
    }
    RecalculationRun run = recalculator.latest(1).get(0);
    if (run.state() != RecalculationState.SUCCEEDED) {
      throw new IOException("the recalculation failed: " + run.error());
    }
    long rejected = recorded.rejected().values().stream().mapToLong(Long::longValue).sum();
    return new Result(learned, run.operations(), rejected);
  }

  @Override
  public void close() {
    recalculator.close();
  }

  private void learn(SpanBatch batch, TimeRange range) {
    scorer.learn(batch, 0, range);
    for (int row = 0; row < batch.spanCount(); row++) {
      if (range.contains(batch.startNanos(row))) {
        learned++;
      }
    }
    progress.update(learned);
    if (learned >= nextCheckpointAt) {
      nextCheckpointAt = learned + SPANS_PER_CHECKPOINT;
      checkpoint.run();
    }
  }
}
