package io.krystaline.engine.baseline;

import java.util.Objects;

/**
 * What a baseline knows of one bucket of time. Durations in nanoseconds. The percentiles are within
 * 1 %, mean, deviation and extremes within 1e-7 of the exact ones.
 *
 * @param level how wide the bucket is
 * @param samples number of spans, 1 or more
 * @param meanNanos arithmetic mean
 * @param stdDevNanos standard deviation, may be 0
 * @param minNanos the shortest
 * @param maxNanos the longest
 * @param p50Nanos median
 * @param p95Nanos 95th percentile
 * @param p99Nanos 99th percentile
 */
public record Bucket(
    BucketLevel level,
    long samples,
    double meanNanos,
    double stdDevNanos,
    double minNanos,
    double maxNanos,
    double p50Nanos,
    double p95Nanos,
    double p99Nanos) {
  /** The unit of deviation is at least this share of the mean. */
  public static final double SCALE_FLOOR_SHARE = 0.01;

  /** The unit of deviation is at least this long: 1 microsecond. */
  public static final double SCALE_FLOOR_NANOS = 1_000;

  public Bucket {
    Objects.requireNonNull(level, "level");
    if (samples < 1) {
      throw new IllegalArgumentException("samples is " + samples);
    }
  }

  /**
   * The unit that deviations are counted in: the standard deviation, but at least 1 % of the mean
   * and at least 1 microsecond, so that an operation that hardly varies does not turn jitter into
   * large deviations.
   */
  public double scaleNanos() {
    return scaleNanos(meanNanos, stdDevNanos);
  }

  /** (duration - mean) / {@link #scaleNanos}; never NaN. */
  public double deviation(long durationNanos) {
    return (durationNanos - meanNanos) / scaleNanos();
  }

  static double scaleNanos(double meanNanos, double stdDevNanos) {
    return Math.max(stdDevNanos, Math.max(meanNanos * SCALE_FLOOR_SHARE, SCALE_FLOOR_NANOS));
  }
}
