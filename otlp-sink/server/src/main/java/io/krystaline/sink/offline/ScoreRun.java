package io.krystaline.sink.offline;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.detect.AlarmRules;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.score.RecentSpans;
import io.krystaline.engine.score.Scorer;
import io.krystaline.engine.score.Severity;
import io.krystaline.engine.score.TimeRange;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.platform.json.JsonLinesWriter;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.sink.recalculate.CronSchedule;
import io.krystaline.sink.view.AnomalyView;
import io.krystaline.sink.view.BaselineView;
import io.krystaline.sink.view.IncidentView;
import io.krystaline.sink.view.PageView;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Scores recordings with the live engine in event time: the spans' own timestamps decide
 * everything, so the same recordings always give the same anomalies and incidents. Writes {@code
 * summary.json}, {@code anomalies.ndjson}, {@code incidents.json} and {@code baselines.json}.
 *
 * <p>Recalculation happens when the latest end time seen passes a time of the schedule, as it would
 * have live. Used once, by one thread.
 */
public final class ScoreRun {
  private static final int TRACES_COUNTED_EXACTLY = 4_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private final ScoreSettings settings;
  private final Progress progress;
  private final CronSchedule schedule;
  private final OperationDirectory directory;
  private final Scorer scorer;
  private final EventTimeBaselines baselines;
  private final RecordedSpans recorded;
  private final IncidentRun incidents;
  private final TraceCounter traces = new TraceCounter(TRACES_COUNTED_EXACTLY);
  private final ObjectMapper mapper = StrictJson.mapper();
  private final long[] anomaliesByLevel = new long[Severity.values().length];
  private long latestEndNanos;
  private long nextRecalculationNanos;
  private long scored;
  private long learned;

  /**
   * A run that has not started.
   *
   * @param window how far back baselines look
   * @param hashSeed seed of the engine's hash tables; results do not depend on it
   */
  public ScoreRun(
      ScoreSettings settings,
      CronSchedule schedule,
      Duration window,
      long hashSeed,
      Progress progress) {
    this.settings = settings;
    this.schedule = schedule;
    this.progress = progress;
    this.directory = new OperationDirectory(settings.baselines(), settings.limits(), hashSeed);
    this.scorer =
        new Scorer(
            directory,
            new RecentSpans(settings.scoring().recentSpans(), hashSeed),
            settings.scoring().inEventTime());
    this.baselines = new EventTimeBaselines(directory, window);
    this.recorded = new RecordedSpans(settings.documentBytesMax());
    this.incidents = new IncidentRun(settings.detection().forRecordings(), scorer, hashSeed);
  }

  /** Puts rules in force, before {@link #run}. */
  public void rules(AlarmRules inForce) {
    incidents.rules(inForce);
  }

  /**
   * Learns, scores, and writes the results.
   *
   * @return what {@code summary.json} says, as a line for a person
   * @throws IOException if a file can't be read or the results can't be written
   */
  public String run() throws IOException {
    Files.createDirectories(settings.out());
    long startedNanos = System.nanoTime();
    learnAll();
    scoreAll();
    List<Incident> found = incidents.finish();
    double seconds = (System.nanoTime() - startedNanos) / NANOS_PER_SECOND;
    progress.done();
    ScoreSummary summary = summary(seconds, found.size());
    writeBaselines();
    mapper
        .writerWithDefaultPrettyPrinter()
        .writeValue(
            settings.out().resolve("incidents.json").toFile(),
            found.stream().map(settings.useCases()::classify).map(IncidentView::of).toList());
    mapper
        .writerWithDefaultPrettyPrinter()
        .writeValue(settings.out().resolve("summary.json").toFile(), summary);
    return ("%,d spans of %,d traces scored in %.1f s (%,.0f spans/s): %,d anomalies,"
            + " %,d incidents, %,d rejected")
        .formatted(
            summary.spans(),
            summary.traces(),
            seconds,
            summary.spansPerSecond(),
            summary.anomalies(),
            summary.incidents(),
            summary.rejected());
  }

  private void learnAll() throws IOException {
    TimeRange range = settings.learnRange();
    for (Path file : settings.learn()) {
      Recording recording = new Recording(file, settings.documentBytesMax());
      progress.start("learn", recording);
      incidents.beginLearning();
      recorded.read(
          recording,
          batch -> {
            scorer.learn(batch, 0, range);
            incidents.add(batch);
            learned += rowsWithin(batch, range);
            progress.update(learned);
          });
      incidents.endLearning();
    }
    if (learned > 0) {
      baselines.recalculate(scorer, latestEndNanos);
    }
  }

  private void scoreAll() throws IOException {
    try (OutputStream out =
            new BufferedOutputStream(
                Files.newOutputStream(settings.out().resolve("anomalies.ndjson")));
        JsonLinesWriter lines = new JsonLinesWriter(mapper, out)) {
      for (Path file : settings.files()) {
        Recording recording = new Recording(file, settings.documentBytesMax());
        progress.start("score", recording);
        recorded.read(recording, batch -> score(batch, lines));
      }
    }
    scorer.flush(latestEndNanos);
  }

  private void score(SpanBatch batch, JsonLinesWriter lines) throws IOException {
    long before = latestEndNanos;
    int rows = rowsWithin(batch, settings.scoreRange());
    recalculateIfDue(before);
    AnomalyLines anomalies = new AnomalyLines(lines, anomaliesByLevel);
    scorer.score(
        batch, 0, settings.scoreRange(), (spans, row, anomaly) -> anomalies.write(anomaly));
    anomalies.rethrow();
    incidents.add(batch);
    scored += rows;
    countTraces(batch);
    progress.update(scored);
  }

  private void recalculateIfDue(long beforeNanos) {
    if (nextRecalculationNanos == 0 && latestEndNanos > 0) {
      nextRecalculationNanos = nextAfter(beforeNanos > 0 ? beforeNanos : latestEndNanos);
    }
    if (nextRecalculationNanos > 0 && latestEndNanos >= nextRecalculationNanos) {
      baselines.recalculate(scorer, nextRecalculationNanos);
      nextRecalculationNanos = nextAfter(latestEndNanos);
    }
  }

  private long nextAfter(long nanos) {
    Instant after = Instant.ofEpochSecond(0, nanos);
    return schedule
        .next(after)
        .map(next -> Math.multiplyExact(next.getEpochSecond(), 1_000_000_000L))
        .orElse(Long.MAX_VALUE);
  }

  /** Counts the rows in a range and moves the latest end time on. */
  private int rowsWithin(SpanBatch batch, TimeRange range) {
    int rows = 0;
    for (int row = 0; row < batch.spanCount(); row++) {
      if (range.contains(batch.startNanos(row))) {
        rows++;
        latestEndNanos = Math.max(latestEndNanos, batch.endNanos(row));
      }
    }
    return rows;
  }

  private void countTraces(SpanBatch batch) {
    for (int row = 0; row < batch.spanCount(); row++) {
      if (settings.scoreRange().contains(batch.startNanos(row))) {
        traces.add(batch.traceIdHigh(row), batch.traceIdLow(row));
      }
    }
  }

  private ScoreSummary summary(double seconds, int incidentsFound) {
    Map<String, Long> bySeverity = new LinkedHashMap<>();
    Map<String, Long> marks = new LinkedHashMap<>();
    long anomalies = 0;
    for (Severity severity : Severity.values()) {
      String level = Integer.toString(severity.level());
      bySeverity.put(level, anomaliesByLevel[severity.ordinal()]);
      marks.put(level, scorer.counts().marks(severity));
      anomalies += anomaliesByLevel[severity.ordinal()];
    }
    Map<String, Long> rejected = recorded.rejected();
    return new ScoreSummary(
        scored,
        traces.count(),
        traces.isExact(),
        anomalies,
        bySeverity,
        marks,
        incidentsFound,
        incidents.counts(),
        learned,
        rejected.values().stream().mapToLong(Long::longValue).sum(),
        rejected,
        recorded.corrupt(),
        seconds,
        seconds > 0 ? (scored + learned) / seconds : 0);
  }

  private void writeBaselines() throws IOException {
    List<BaselineView> items =
        directory.operations().stream()
            .sorted(
                Comparator.comparing((Operation operation) -> operation.key().service())
                    .thenComparing(operation -> operation.key().operation())
                    .thenComparing(operation -> operation.key().kind()))
            .flatMap(
                operation ->
                    BaselineView.of(
                        operation.key(), operation.baseline(), operation.isProvisional())
                        .stream())
            .toList();
    mapper
        .writerWithDefaultPrettyPrinter()
        .writeValue(settings.out().resolve("baselines.json").toFile(), new PageView<>(items, null));
  }

  /**
   * Writes anomalies as lines; keeps the first failure for after the batch, as the scorer's visitor
   * can't throw it.
   */
  private static final class AnomalyLines {
    private final JsonLinesWriter lines;
    private final long[] byLevel;
    private Optional<IOException> failure = Optional.empty();

    AnomalyLines(JsonLinesWriter lines, long[] byLevel) {
      this.lines = lines;
      this.byLevel = byLevel;
    }

    void write(Anomaly anomaly) {
      try {
        lines.write(AnomalyView.of(anomaly));
        byLevel[anomaly.severity().ordinal()]++;
      } catch (IOException e) {
        failure = Optional.of(failure.orElse(e));
      }
    }

    void rethrow() throws IOException {
      if (failure.isPresent()) {
        throw failure.get();
      }
    }
  }
}
