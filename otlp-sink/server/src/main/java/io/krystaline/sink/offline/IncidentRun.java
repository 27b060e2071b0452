package io.krystaline.sink.offline;

import io.krystaline.engine.assemble.AssemblyCounts;
import io.krystaline.engine.assemble.OperationIndex;
import io.krystaline.engine.assemble.TraceAssembler;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.detect.AlarmFilter;
import io.krystaline.engine.detect.AlarmRules;
import io.krystaline.engine.detect.Detector;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.engine.incident.IncidentTracker;
import io.krystaline.engine.release.CourtSettings;
import io.krystaline.engine.release.ReleaseCourt;
import io.krystaline.engine.release.ReleaseDirectory;
import io.krystaline.engine.release.ReleaseState;
import io.krystaline.engine.release.ReleaseTable;
import io.krystaline.engine.score.Scorer;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.sink.detect.DetectionSetup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the incidents of recorded spans: batches go in as they were scored, incidents come out. The
 * same engine as the running sink's, in event time. Owned by one thread.
 */
public final class IncidentRun {
  private final DetectionSetup setup;
  private final Scorer scorer;
  private final long hashSeed;
  private final OperationIndex operations = new OperationIndex();
  private final Map<String, Incident> incidents = new LinkedHashMap<>();
  private final AlarmFilter filter;
  private final Detector detector;
  private final ReleaseTable releases;
  private final ReleaseCourt court;
  private TraceAssembler assembler;

  /**
   * A run that has seen nothing.
   *
   * @param scorer what every batch goes through first
   * @param hashSeed seed of hash tables; results do not depend on it
   */
  public IncidentRun(DetectionSetup setup, Scorer scorer, long hashSeed) {
    this.setup = setup;
    this.scorer = scorer;
    this.hashSeed = hashSeed;
    IncidentTracker tracker =
        new IncidentTracker(
            setup.incidents(), setup.assembly().tick(), operations, this::onIncident);
    this.filter = new AlarmFilter(operations, tracker);
    ReleaseDirectory directory = new ReleaseDirectory();
    this.releases = new ReleaseTable(directory);
    this.court =
        new ReleaseCourt(
            CourtSettings.DEFAULTS,
            setup.detection().falseIncidentsPerDay(),
            setup.assembly().tick(),
            operations,
            directory,
            filter);
    this.detector = new Detector(setup.detection(), setup.assembly().tick(), operations, court);
    this.assembler = newAssembler();
  }

  private TraceAssembler newAssembler() {
    return new TraceAssembler(setup.assembly(), operations, hashSeed, court.watch(detector));
  }

  private void onIncident(IncidentChange change, Incident incident) {
    incidents.put(incident.id(), incident);
  }

  /** Puts rules in force, for what comes. */
  public void rules(AlarmRules inForce) {
    filter.rules(inForce);
  }

  /** Begins to learn from spans that are declared to be clean, until {@link #endLearning}. */
  public void beginLearning() {
    detector.beginTraining();
    court.beginTraining();
  }

  /** Ends learning; what comes then may be of any time. */
  public void endLearning() {
    assembler.finish();
    detector.endStream();
    court.endStream();
    assembler = newAssembler();
  }

  /** Takes in the batch that the scorer has just scored or learned, without rows out of range. */
  public void add(SpanBatch batch) {
    releases.resolve(batch);
    for (int row = 0; row < batch.spanCount(); row++) {
      Operation operation = scorer.operation(row);
      if (operation != null) {
        assembler.add(
            operations.register(operation),
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
    return court.states();
  }

  /** What became of the spans. */
  public AssemblyCounts counts() {
    return assembler.counts();
  }
}
