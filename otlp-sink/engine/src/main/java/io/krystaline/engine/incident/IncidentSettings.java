package io.krystaline.engine.incident;

import java.time.Duration;

/**
 * How alarms become incidents.
 *
 * @param attachWithin an alarm of a service that is not part of an incident still joins one that
 *     was opened at most this long ago
 * @param reopenWithin an alarm of a service of an incident that was closed at most this long ago
 *     opens that incident again
 * @param rankFor suspects are ranked by the evidence from this long before the first alarm to this
 *     long after it
 * @param suspectsMax suspects named
 * @param updateEvery an open incident of which nothing else changes is updated this often
 * @param withholdMax what an open incident covers does not teach baselines, for at most this long;
 *     then it is the new normal
 */
public record IncidentSettings(
    Duration attachWithin,
    Duration reopenWithin,
    Duration rankFor,
    int suspectsMax,
    Duration updateEvery,
    Duration withholdMax) {
  /** The defaults. */
  public static final IncidentSettings DEFAULTS =
      new IncidentSettings(
          Duration.ofMinutes(2),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          5,
          Duration.ofSeconds(30),
          Duration.ofHours(24));

  public IncidentSettings {
    if (attachWithin.isNegative() || reopenWithin.isNegative() || rankFor.isNegative()) {
      throw new IllegalArgumentException("durations are 0 or more");
    }
    if (suspectsMax < 1 || updateEvery.isNegative() || updateEvery.isZero()) {
      throw new IllegalArgumentException("suspectsMax is 1 or more, updateEvery more than 0");
    }
    if (withholdMax.isNegative()) {
      throw new IllegalArgumentException("withholdMax is 0 or more");
    }
  }

  /** The same with another limit of withholding. */
  public IncidentSettings withWithholdMax(Duration other) {
    return new IncidentSettings(
        attachWithin, reopenWithin, rankFor, suspectsMax, updateEvery, other);
  }
}
