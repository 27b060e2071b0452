package io.krystaline.sink.view;

import io.krystaline.engine.baseline.Thresholds;

/** The five learned thresholds of an operation, SEV1 the highest. */
public record ThresholdsView(
    ThresholdView sev1,
    ThresholdView sev2,
    ThresholdView sev3,
    ThresholdView sev4,
    ThresholdView sev5) {

  static ThresholdsView of(Thresholds thresholds) {
    return new ThresholdsView(
        level(thresholds, 1),
        level(thresholds, 2),
        level(thresholds, 3),
        level(thresholds, 4),
        level(thresholds, 5));
  }

  private static ThresholdView level(Thresholds thresholds, int level) {
    return new ThresholdView(thresholds.percentile(level), thresholds.deviation(level));
  }
}
