package io.krystaline.engine.score;

import java.util.Objects;

/**
 * What the baseline bucket that a span was compared with had seen. Durations in milliseconds.
 *
 * @param meanMillis arithmetic mean
 * @param stdDevMillis standard deviation
 * @param p50Millis median
 * @param p95Millis 95th percentile
 * @param p99Millis 99th percentile
 * @param samples number of spans behind these figures, 1 or more
 * @param bucket which bucket was used, for a person, for example {@code "Monday 09:00"} or {@code
 *     "any hour"}
 */
public record ExpectedDuration(
    double meanMillis,
    double stdDevMillis,
    double p50Millis,
    double p95Millis,
    double p99Millis,
    long samples,
    String bucket) {
  public ExpectedDuration {
    Objects.requireNonNull(bucket, "bucket");
    if (samples < 1) {
      throw new IllegalArgumentException("samples is " + samples);
    }
  }
}
