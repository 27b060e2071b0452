package io.krystaline.engine.detect;

import java.time.Duration;

/**
 * How faults are detected. The one setting for an operator is {@code falseIncidentsPerDay}; the
 * others describe what is a fault at all.
 *
 * @param falseIncidentsPerDay the alarm budget over everything that is watched, more than 0
 * @param margin a span counts as slow only beyond this much more than normal
 * @param marginFactor and only beyond this many times the normal, 1 or more
 * @param blockSpans a block of a stream, its unit of evidence, closes with the tick in which it has
 *     this many observations
 * @param blockTicksMax or after this many ticks
 * @param learningDelay how long after its tick what was seen is learned, if no alarm came meanwhile
 * @param halfLife half-life of what was learned
 * @param alarmEnd an alarm ends this long after its last evidence
 * @param acceptAfter an alarm that lasts this long is accepted as the new normal
 * @param keysMax histograms at most
 * @param servicesMax services watched at most, each by up to eleven streams
 */
public record DetectionSettings(
    double falseIncidentsPerDay,
    Duration margin,
    double marginFactor,
    int blockSpans,
    int blockTicksMax,
    Duration learningDelay,
    Duration halfLife,
    Duration alarmEnd,
    Duration acceptAfter,
    int keysMax,
    int servicesMax) {
  /** The defaults. */
  public static final DetectionSettings DEFAULTS =
      new DetectionSettings(
          1,
          Duration.ofMillis(1),
          2,
          2,
          4,
          Duration.ofSeconds(60),
          Duration.ofHours(2),
          Duration.ofSeconds(60),
          Duration.ofMinutes(10),
          50_000,
          2_000);

  public DetectionSettings {
    if (!(falseIncidentsPerDay > 0)) {
      throw new IllegalArgumentException(
          "falseIncidentsPerDay is more than 0, not " + falseIncidentsPerDay);
    }
    if (!(marginFactor >= 1) || margin.isNegative()) {
      throw new IllegalArgumentException("marginFactor is 1 or more, margin 0 or more");
    }
    if (blockSpans < 1 || blockTicksMax < 1 || keysMax < 1 || servicesMax < 1) {
      throw new IllegalArgumentException("counts are 1 or more");
    }
  }

  /** The same with another budget. */
  public DetectionSettings withFalseIncidentsPerDay(double other) {
    return new DetectionSettings(
        other,
        margin,
        marginFactor,
        blockSpans,
        blockTicksMax,
        learningDelay,
        halfLife,
        alarmEnd,
        acceptAfter,
        keysMax,
        servicesMax);
  }
}
