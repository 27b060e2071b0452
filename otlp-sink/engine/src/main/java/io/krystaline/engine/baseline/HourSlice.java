package io.krystaline.engine.baseline;

import java.time.Instant;
import java.util.Objects;

/**
 * What was counted of one operation in one hour, or in a part of it.
 *
 * @param epochHour hours since the Unix epoch, for example 495,000 for 2026-06-21T00:00Z; the hour
 *     in which the spans started
 * @param statistics the durations
 */
public record HourSlice(long epochHour, HourStatistics statistics) {
  /** Nanoseconds of an hour. */
  public static final long HOUR_NANOS = 3_600_000_000_000L;

  public HourSlice {
    Objects.requireNonNull(statistics, "statistics");
  }

  /** The hour of a time in nanoseconds since the epoch, read as unsigned. */
  public static long epochHourOf(long epochNanos) {
    return Long.divideUnsigned(epochNanos, HOUR_NANOS);
  }

  /** When the hour began. */
  public Instant start() {
    return Instant.ofEpochSecond(epochHour * 3600);
  }
}
