package io.krystaline.platform.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Registers the instruments of one part. Names are those of OpenTelemetry, lower-case words joined
 * by dots: {@code krystaline.sink.spans.received} stands on the page as {@code
 * krystaline_sink_spans_received_total}. Register each name once.
 *
 * <p>What is observed (all but the histogram and the plain counter) costs nothing until somebody
 * reads: the given function is called then, on the reader's thread, and must not block.
 */
public final class Metrics {
  private final Meter meter;

  Metrics(Meter meter) {
    this.meter = meter;
  }

  /** A counter for a hot path; stands at 0 from the start. */
  public Tally tally(String name, String description) {
    Tally tally = new Tally();
    counter(name, description, tally::sum);
    return tally;
  }

  /**
   * Counters for a hot path that differ by one attribute.
   *
   * @param attribute such as {@code transport}
   */
  public TallyFamily tallies(String name, String description, String attribute) {
    AttributeKey<String> key = AttributeKey.stringKey(attribute);
    TallyFamily family = new TallyFamily();
    // The meter keeps the instrument; there is nothing to close before the SDK is.
    var _ =
        meter
            .counterBuilder(name)
            .setDescription(description)
            .buildWithCallback(
                measurement ->
                    family.forEach(
                        (value, tally) ->
                            measurement.record(tally.sum(), Attributes.of(key, value))));
    return family;
  }

  /** A counter whose value is kept elsewhere. The value must never fall. */
  public void counter(String name, String description, LongSupplier value) {
    var _ =
        meter
            .counterBuilder(name)
            .setDescription(description)
            .buildWithCallback(measurement -> measurement.record(value.getAsLong()));
  }

  /** A counter that takes any attributes, for events that are rare. */
  public LongCounter counter(String name, String description) {
    return meter.counterBuilder(name).setDescription(description).build();
  }

  /** A whole number that rises and falls, such as the length of a queue. */
  public void gauge(String name, String description, LongSupplier value) {
    var _ =
        meter
            .gaugeBuilder(name)
            .ofLongs()
            .setDescription(description)
            .buildWithCallback(measurement -> measurement.record(value.getAsLong()));
  }

  /**
   * A number that rises and falls.
   *
   * @param unit a UCUM unit that becomes part of the name, such as {@code s}; may be empty
   */
  public void gauge(String name, String description, String unit, DoubleSupplier value) {
    var _ =
        meter
            .gaugeBuilder(name)
            .setDescription(description)
            .setUnit(unit)
            .buildWithCallback(measurement -> measurement.record(value.getAsDouble()));
  }

  /**
   * A distribution of durations in seconds. Recording allocates; not for a hot path.
   *
   * @param boundariesSeconds the upper bounds of the buckets, rising
   */
  public DoubleHistogram seconds(String name, String description, List<Double> boundariesSeconds) {
    return meter
        .histogramBuilder(name)
        .setDescription(description)
        .setUnit("s")
        .setExplicitBucketBoundariesAdvice(boundariesSeconds)
        .build();
  }
}
