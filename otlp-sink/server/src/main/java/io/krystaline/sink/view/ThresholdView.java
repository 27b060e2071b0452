package io.krystaline.sink.view;

/**
 * From where on a span has a severity.
 *
 * @param percentile of the operation's own past deviations, for example 99.9
 * @param deviation the deviation (in standard deviations) at that percentile; a span beyond it has
 *     the severity
 */
public record ThresholdView(double percentile, double deviation) {}
