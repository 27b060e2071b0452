package io.krystaline.sink.detect;

import io.krystaline.engine.assemble.AssemblySettings;
import io.krystaline.engine.detect.DetectionSettings;
import io.krystaline.engine.incident.IncidentSettings;
import java.time.Duration;

/**
 * How incidents are found: the settings of the three stages.
 *
 * @param spansPerSecondMax what the running sink assembles at most, as an average over some
 *     seconds; of more, whole traces are left out
 */
public record DetectionSetup(
    AssemblySettings assembly,
    DetectionSettings detection,
    IncidentSettings incidents,
    int spansPerSecondMax) {
  /** Two cores that took in some 400,000 spans/s beside it assembled some 45,000. */
  private static final int SPANS_PER_SECOND_AND_CORE = 50_000;

  private static final Duration RECORDED_SLACK = Duration.ofSeconds(30);

  /** The defaults. */
  public static final DetectionSetup DEFAULTS =
      new DetectionSetup(
          AssemblySettings.DEFAULTS,
          DetectionSettings.DEFAULTS,
          IncidentSettings.DEFAULTS,
          SPANS_PER_SECOND_AND_CORE * Runtime.getRuntime().availableProcessors());

  public DetectionSetup {
    if (spansPerSecondMax < 1) {
      throw new IllegalArgumentException("spansPerSecondMax is 1 or more");
    }
  }

  /** The same with another alarm budget. */
  public DetectionSetup withFalseIncidentsPerDay(double other) {
    return new DetectionSetup(
        assembly, detection.withFalseIncidentsPerDay(other), incidents, spansPerSecondMax);
  }

  /**
   * The same for recordings, which nobody waits for: spans may come later. What is found in spans
   * that come in time is the same.
   */
  public DetectionSetup forRecordings() {
    Duration slack =
        assembly.slack().compareTo(RECORDED_SLACK) < 0 ? RECORDED_SLACK : assembly.slack();
    return new DetectionSetup(assembly.withSlack(slack), detection, incidents, spansPerSecondMax);
  }
}
