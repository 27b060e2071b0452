package io.krystaline.engine.span;

/**
 * The outcome of a span, as OpenTelemetry's {@code Status.StatusCode}. The ordinal is the wire
 * value.
 */
public enum StatusCode {
  UNSET,
  OK,
  ERROR;

  private static final StatusCode[] BY_WIRE = values();

  /** The code of a wire value; a value that this version does not know is {@link #UNSET}. */
  public static StatusCode fromWire(int value) {
    return value >= 0 && value < BY_WIRE.length ? BY_WIRE[value] : UNSET;
  }
}
