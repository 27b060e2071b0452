package io.krystaline.sink.store;

import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What is kept of a trace: the spans by start time, and which of them are anomalous.
 *
 * @param traceId the trace
 * @param spans its spans, by start time, then span id; never empty
 * @param anomalousSpanIds the spans that are anomalies of their own (see {@link
 *     io.krystaline.engine.score.Anomaly#id()})
 */
public record StoredTrace(TraceId traceId, List<TraceSpan> spans, Set<SpanId> anomalousSpanIds) {
  public StoredTrace {
    Objects.requireNonNull(traceId, "traceId");
    spans = List.copyOf(spans);
    anomalousSpanIds = Set.copyOf(anomalousSpanIds);
    if (spans.isEmpty()) {
      throw new IllegalArgumentException("trace " + traceId + " has no spans");
    }
  }
}
