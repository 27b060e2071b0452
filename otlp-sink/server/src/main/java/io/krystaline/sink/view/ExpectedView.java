package io.krystaline.sink.view;

import io.krystaline.engine.score.ExpectedDuration;

/**
 * What an anomaly's baseline had expected; see {@link ExpectedDuration}.
 *
 * @param samples number of spans behind the figures
 * @param bucket which bucket was used, for a person
 */
public record ExpectedView(
    double meanMillis,
    double stdDevMillis,
    double p50Millis,
    double p95Millis,
    double p99Millis,
    long samples,
    String bucket) {

  static ExpectedView of(ExpectedDuration expected) {
    return new ExpectedView(
        expected.meanMillis(),
        expected.stdDevMillis(),
        expected.p50Millis(),
        expected.p95Millis(),
        expected.p99Millis(),
        expected.samples(),
        expected.bucket());
  }
}
