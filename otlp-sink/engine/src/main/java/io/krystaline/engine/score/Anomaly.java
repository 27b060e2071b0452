package io.krystaline.engine.score;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import java.util.Objects;

/**
 * A span that lies beyond its baseline: what is kept, shown and pushed.
 *
 * @param traceId the trace
 * @param spanId the span; an anomaly is identified by trace and span
 * @param operation the operation that the span was scored as (the {@code other} operation under a
 *     flood of names)
 * @param severity how far beyond
 * @param startNanos the span's start, nanoseconds since the Unix epoch
 * @param endNanos the span's end, nanoseconds since the Unix epoch
 * @param detectedNanos when it was scored, nanoseconds since the Unix epoch; event time in a replay
 * @param deviation (duration - mean) / standard deviation
 * @param expected what the baseline says
 * @param explanation one sentence for a person
 */
public record Anomaly(
    TraceId traceId,
    SpanId spanId,
    OperationKey operation,
    Severity severity,
    long startNanos,
    long endNanos,
    long detectedNanos,
    double deviation,
    ExpectedDuration expected,
    String explanation) {
  public Anomaly {
    Objects.requireNonNull(traceId, "traceId");
    Objects.requireNonNull(spanId, "spanId");
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(expected, "expected");
    Objects.requireNonNull(explanation, "explanation");
  }

  /** The anomaly's identity in the API: trace id, a hyphen, span id, in hex. */
  public String id() {
    return traceId + "-" + spanId;
  }

  /** End less start, in milliseconds. */
  public double durationMillis() {
    return (endNanos - startNanos) / 1e6;
  }
}
