package io.krystaline.bench.load;

import io.opentelemetry.proto.trace.v1.Span;

/** What a span stands for, by the semantic conventions of OpenTelemetry. */
enum SpanType {
  HTTP_SERVER(Span.SpanKind.SPAN_KIND_SERVER, 3),
  HTTP_CLIENT(Span.SpanKind.SPAN_KIND_CLIENT, 0.6),
  DATABASE(Span.SpanKind.SPAN_KIND_CLIENT, 2),
  PRODUCER(Span.SpanKind.SPAN_KIND_PRODUCER, 0.8),
  CONSUMER(Span.SpanKind.SPAN_KIND_CONSUMER, 8),
  INTERNAL(Span.SpanKind.SPAN_KIND_INTERNAL, 1);

  private final Span.SpanKind kind;
  private final double medianMillis;

  SpanType(Span.SpanKind kind, double medianMillis) {
    this.kind = kind;
    this.medianMillis = medianMillis;
  }

  Span.SpanKind kind() {
    return kind;
  }

  /** The median time that a span of this type takes by itself, without its children. */
  double medianMillis() {
    return medianMillis;
  }
}
