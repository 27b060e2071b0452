package io.krystaline.engine.decode;

import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import java.util.List;
import java.util.Objects;

/**
 * A span's pointer to another span, maybe of another trace.
 *
 * @param traceId the other trace; zero where the sender's value has no 16 bytes
 * @param spanId the other span; zero where the sender's value has no 8 bytes
 * @param attributes its attributes in the order they were sent
 */
public record SpanLink(TraceId traceId, SpanId spanId, List<Attribute> attributes) {
  public SpanLink {
    Objects.requireNonNull(traceId, "traceId");
    Objects.requireNonNull(spanId, "spanId");
    attributes = List.copyOf(attributes);
  }
}
