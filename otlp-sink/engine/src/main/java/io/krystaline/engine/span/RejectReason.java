package io.krystaline.engine.span;

/**
 * Why a span of a well-formed message is not taken in. The sender learns the count by partial
 * success.
 */
public enum RejectReason {
  /** The trace id is not 16 bytes, or all zero. */
  INVALID_TRACE_ID("invalid_trace_id"),
  /** The span id is not 8 bytes, or all zero. */
  INVALID_SPAN_ID("invalid_span_id"),
  /** The start or the end time is zero, which OTLP uses for "unknown". */
  MISSING_TIME("missing_time"),
  /**
   * The end time is before the start time, or more than 292 years after it: the span has no
   * duration that 63 bits hold.
   */
  END_BEFORE_START("end_before_start");

  private final String label;

  RejectReason(String label) {
    this.label = label;
  }

  /** The value of the {@code reason} label in metrics and summaries, in snake case. */
  public String label() {
    return label;
  }
}
