package io.krystaline.engine.score;

import java.time.Instant;

/**
 * A range of start times, nanoseconds since the epoch, read as unsigned.
 *
 * @param fromNanos the first time within
 * @param untilNanos the first time beyond
 */
public record TimeRange(long fromNanos, long untilNanos) {
  /** All times. */
  public static final TimeRange ALL = new TimeRange(0, -1);

  public TimeRange {
    if (Long.compareUnsigned(fromNanos, untilNanos) > 0) {
      throw new IllegalArgumentException("a range of time ends before it begins");
    }
  }

  /**
   * The range between two instants, the second not included.
   *
   * @throws IllegalArgumentException if it ends before it begins
   * @throws ArithmeticException if an instant is before 1970 or after 2262
   */
  public static TimeRange between(Instant from, Instant until) {
    return new TimeRange(epochNanos(from), epochNanos(until));
  }

  /** Whether a start time is in the range. */
  public boolean contains(long startNanos) {
    return Long.compareUnsigned(startNanos - fromNanos, untilNanos - fromNanos) < 0;
  }

  private static long epochNanos(Instant instant) {
    if (instant.getEpochSecond() < 0) {
      throw new ArithmeticException(instant + " is before 1970");
    }
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
  }
}
