package io.krystaline.sink.offline;

import io.krystaline.engine.assemble.AssemblyCounts;
import io.krystaline.engine.assemble.TraceAssembler;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.detect.AlarmRules;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.engine.release.ReleaseDirectory;
import io.krystaline.engine.release.ReleaseState;
import io.krystaline.engine.release.ReleaseTable;
import io.krystaline.engine.score.Scorer;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.sink.detect.DetectionSetup;
import io.krystaline.sink.detect.DetectionStages;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the incidents of recorded spans: batches go in as they were scored, incidents come out. The
 * same engine as the running sink's, in event time. Owned by one thread.
 */
public final class IncidentRun {
  private final Scorer scorer;
  private final Map<String, Incident> incidents = new LinkedHashMap<>();
  private final ReleaseTable releases;
  private final DetectionStages stages;
  private TraceAssembler assembler;

  /**
   * A run that has seen nothing.
   *
   * @param scorer what every batch goes through first
   * @param hashSeed seed of hash tables; results do not depend on it
   */
  public IncidentRun(DetectionSetup setup, Scorer scorer, long hashSeed) {
    this.scorer = scorer;
    ReleaseDirectory directory = new ReleaseDirectory();
    this.releases = new ReleaseTable(directory);
    this.stages = new DetectionStages(setup, directory, this::onIncident, hashSeed);
    this.assembler = stages.assembler();
  }

  private void onIncident(IncidentChange change, Incident incident) {
    incidents.put(incident.id(), incident);
  }

  /** Puts rules in force, for what comes. */
  public void rules(AlarmRules inForce) {
    stages.rules(inForce);
  }

  /** Begins to learn from spans that are declared to be clean, until {@link #endLearning}. */
  public void beginLearning() {
    stages.beginTraining();
  }

  /** Ends learning; what comes then may be of any time. */
  public void endLearning() {
    assembler.finish();
    stages.endStream();
    assembler = stages.assembler();
  }

  /** Takes in the batch that the scorer has just scored or learned, without rows out of range. */
  public void add(SpanBatch batch) {
    releases.resolve(batch);
    for (int row = 0; row < batch.spanCount(); row++) {
      Operation operation = scorer.operation(row);
      if (operation != null) {
        assembler.add(
            stages.operations().register(operation),
            batch.traceIdHigh(row),
            batch.traceIdLow(row),
            batch.spanId(row),
            batch.parentSpanId(row),
            batch.kind(row),
            batch.status(row),
            batch.startNanos(row),
            batch.endNanos(row),
            releases.number(batch.resource(row)));
      }
    }
  }

  /**
   * Ends the stream.
   *
   * @return the incidents in the order in which they were opened; one that was still open has no
   *     end
   */
  public List<Incident> finish() {
    assembler.finish();
    return new ArrayList<>(incidents.values());
  }

  /** The versions of services that were seen, and what the court said of them. */
  public List<ReleaseState> releases() {
    return stages.releases();
  }

  /** What became of the spans. */
  public AssemblyCounts counts() {
    return assembler.counts();
  }
}
