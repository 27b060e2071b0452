package io.krystaline.sink.view;

/** The five learned thresholds of an operation, SEV1 the highest. */
public record ThresholdsView(
    ThresholdView sev1,
    ThresholdView sev2,
    ThresholdView sev3,
    ThresholdView sev4,
    ThresholdView sev5) {}
