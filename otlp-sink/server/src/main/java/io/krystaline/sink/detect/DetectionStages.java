package io.krystaline.sink.detect;

import io.krystaline.engine.assemble.OperationIndex;
import io.krystaline.engine.assemble.TraceAssembler;
import io.krystaline.engine.detect.AlarmFilter;
import io.krystaline.engine.detect.AlarmRules;
import io.krystaline.engine.detect.DetectionCounts;
import io.krystaline.engine.detect.Detector;
import io.krystaline.engine.incident.IncidentListener;
import io.krystaline.engine.incident.IncidentTracker;
import io.krystaline.engine.release.CourtSettings;
import io.krystaline.engine.release.ReleaseCourt;
import io.krystaline.engine.release.ReleaseDirectory;
import io.krystaline.engine.release.ReleaseState;
import java.time.Duration;
import java.util.List;

/**
 * The engine's stages from traces to incidents, wired: what watches a stream that is live and what
 * watches recordings are the same. Spans go into an {@link #assembler}. Owned by one thread, but
 * for {@link #rules}, {@link #quieted} and {@link #releases}.
 */
public final class DetectionStages {
  private final DetectionSetup setup;
  private final long hashSeed;
  private final OperationIndex operations = new OperationIndex();
  private final AlarmFilter filter;
  private final ReleaseCourt court;
  private final Detector detector;

  /**
   * Stages that have seen nothing.
   *
   * @param releases what numbers the releases of the spans
   * @param listener told of incidents on the owner's thread
   * @param hashSeed seed of hash tables; results do not depend on it
   */
  public DetectionStages(
      DetectionSetup setup, ReleaseDirectory releases, IncidentListener listener, long hashSeed) {
    this.setup = setup;
    this.hashSeed = hashSeed;
    Duration tick = setup.assembly().tick();
    this.filter =
        new AlarmFilter(
            operations, new IncidentTracker(setup.incidents(), tick, operations, listener));
    this.court =
        new ReleaseCourt(
            CourtSettings.DEFAULTS,
            setup.detection().falseIncidentsPerDay(),
            tick,
            operations,
            releases,
            filter);
    this.detector = new Detector(setup.detection(), tick, operations, court);
  }

  /** A new assembler, for one stream after the other. */
  public TraceAssembler assembler() {
    return new TraceAssembler(setup.assembly(), operations, hashSeed, court.watch(detector));
  }

  /** The operations that spans name by number; to be registered before their spans. */
  public OperationIndex operations() {
    return operations;
  }

  /** Begins to learn from spans that are declared to be clean, until {@link #endStream}. */
  public void beginTraining() {
    detector.beginTraining();
    court.beginTraining();
  }

  /** Ends a stream, and training; what comes then may be of any time. */
  public void endStream() {
    detector.endStream();
    court.endStream();
  }

  /** Puts other rules in force, from the next tick on. Any thread. */
  public void rules(AlarmRules inForce) {
    filter.rules(inForce);
  }

  /** Alarms that a rule kept back. Any thread. */
  public long quieted() {
    return filter.quieted();
  }

  /** The versions of services that were seen, the latest first. Any thread; some seconds old. */
  public List<ReleaseState> releases() {
    return court.states();
  }

  /** What detection holds. */
  public DetectionCounts counts() {
    return detector.counts();
  }
}
