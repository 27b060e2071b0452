package io.krystaline.sink.store;

import io.krystaline.engine.score.Severity;
import java.util.Objects;

/**
 * How many anomalies of a severity began in an interval of the history.
 *
 * @param startNanos the interval's start, a multiple of its length, nanoseconds since the Unix
 *     epoch
 * @param severity the severity
 * @param count how many, 1 or more: intervals without an anomaly are left out
 */
public record TimeCount(long startNanos, Severity severity, long count) {
  public TimeCount {
    Objects.requireNonNull(severity, "severity");
  }
}
