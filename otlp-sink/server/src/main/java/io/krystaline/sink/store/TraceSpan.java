package io.krystaline.sink.store;

import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import java.util.Objects;

/**
 * One span of a trace that is kept because something in the trace was anomalous.
 *
 * @param traceId the trace
 * @param spanId the span
 * @param startNanos the span's start, nanoseconds since the Unix epoch; a trace is read in this
 *     order
 * @param span the span as one self-contained serialized {@code TracesData} (its resource, its scope
 *     and itself). The array is not copied: whoever hands it over does not change it afterwards.
 */
@SuppressWarnings("ArrayRecordComponent") // identity semantics are wanted: nobody compares records
public record TraceSpan(TraceId traceId, SpanId spanId, long startNanos, byte[] span) {
  public TraceSpan {
    Objects.requireNonNull(traceId, "traceId");
    Objects.requireNonNull(spanId, "spanId");
    Objects.requireNonNull(span, "span");
  }
}
