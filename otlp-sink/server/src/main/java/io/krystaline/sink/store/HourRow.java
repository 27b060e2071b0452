package io.krystaline.sink.store;

import io.krystaline.engine.span.OperationKey;
import java.util.Objects;

/**
 * The statistics of one operation in one hour: a stored row, or what a checkpoint adds to one.
 *
 * @param operation the operation
 * @param epochHour hours since the Unix epoch, by the spans' start
 * @param samples number of spans, 1 or more
 * @param meanNanos arithmetic mean of the durations
 * @param m2 sum of the squared differences from the mean, in square nanoseconds
 * @param minNanos the shortest duration
 * @param maxNanos the longest duration
 * @param sketch the serialized quantile sketch, or whatever else the engine wants to keep. The
 *     array is not copied: whoever hands it over does not change it afterwards.
 */
@SuppressWarnings("ArrayRecordComponent") // identity semantics are wanted: nobody compares rows
public record HourRow(
    OperationKey operation,
    long epochHour,
    long samples,
    double meanNanos,
    double m2,
    long minNanos,
    long maxNanos,
    byte[] sketch) {
  public HourRow {
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(sketch, "sketch");
    if (samples < 1) {
      throw new IllegalArgumentException("samples is " + samples);
    }
    if (minNanos > maxNanos) {
      throw new IllegalArgumentException("min " + minNanos + " is above max " + maxNanos);
    }
  }

  /** This row under another key. */
  HourRow withOperation(OperationKey key) {
    return key.equals(operation)
        ? this
        : new HourRow(key, epochHour, samples, meanNanos, m2, minNanos, maxNanos, sketch);
  }
}
