package io.krystaline.engine.span;

/**
 * The role of a span in its trace, as OpenTelemetry's {@code Span.SpanKind}. The ordinal is the
 * wire value.
 */
public enum SpanKind {
  UNSPECIFIED,
  INTERNAL,
  SERVER,
  CLIENT,
  PRODUCER,
  CONSUMER;

  private static final SpanKind[] BY_WIRE = values();

  /** The kind of a wire value; a value that this version does not know is {@link #UNSPECIFIED}. */
  public static SpanKind fromWire(int value) {
    return value >= 0 && value < BY_WIRE.length ? BY_WIRE[value] : UNSPECIFIED;
  }
}
