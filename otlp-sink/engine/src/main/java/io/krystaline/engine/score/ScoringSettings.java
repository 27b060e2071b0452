package io.krystaline.engine.score;

import java.time.Duration;
import java.util.Objects;

/**
 * How spans are scored.
 *
 * @param recordedLevel spans of this severity and worse are handed on as anomalies, 1 to 5; 2
 * @param nonCriticalPerSecond how many of them that are milder than severity 1 are handed on in a
 *     second of event time, see {@link RecordingLimit}; 500
 * @param learnedAgeMax spans that started longer ago are scored, but not learned; 30 days
 * @param learnedAheadMax spans that start further in the future are scored, but not learned; 1 hour
 * @param recentSpans how many spans are remembered, at the most, to tell a repeated one, a power of
 *     two; 131,072, which takes 512 KB
 * @param eventTime whether time is that of the spans, as in a replay: then no span is too old or
 *     too far ahead, and an anomaly is detected when its span ends; false
 */
public record ScoringSettings(
    int recordedLevel,
    int nonCriticalPerSecond,
    Duration learnedAgeMax,
    Duration learnedAheadMax,
    int recentSpans,
    boolean eventTime) {
  public ScoringSettings {
    Objects.requireNonNull(learnedAgeMax, "learnedAgeMax");
    Objects.requireNonNull(learnedAheadMax, "learnedAheadMax");
    Severity.ofLevel(recordedLevel);
    if (nonCriticalPerSecond < 0 || nonCriticalPerSecond > RecordingLimit.PER_SECOND_MAX) {
      throw new IllegalArgumentException("nonCriticalPerSecond is " + nonCriticalPerSecond);
    }
    if (learnedAgeMax.isNegative() || learnedAgeMax.toDays() > 3650) {
      throw new IllegalArgumentException("learnedAgeMax is " + learnedAgeMax);
    }
    if (learnedAheadMax.isNegative() || learnedAheadMax.toDays() > 3650) {
      throw new IllegalArgumentException("learnedAheadMax is " + learnedAheadMax);
    }
    if (recentSpans < 1 || recentSpans > 1 << 26 || Integer.bitCount(recentSpans) != 1) {
      throw new IllegalArgumentException(
          "recentSpans is " + recentSpans + ", a power of two up to 2^26 is needed");
    }
  }

  /** The defaults, for live input. */
  public static ScoringSettings defaults() {
    return new ScoringSettings(2, 500, Duration.ofDays(30), Duration.ofHours(1), 1 << 17, false);
  }

  /** The same in event time, for a replay. */
  public ScoringSettings inEventTime() {
    return new ScoringSettings(
        recordedLevel, nonCriticalPerSecond, learnedAgeMax, learnedAheadMax, recentSpans, true);
  }

  /** The same with another recorded level, and as many marks of it as there are. */
  public ScoringSettings withAllRecorded(int level) {
    return new ScoringSettings(
        level,
        RecordingLimit.PER_SECOND_MAX,
        learnedAgeMax,
        learnedAheadMax,
        recentSpans,
        eventTime);
  }
}
