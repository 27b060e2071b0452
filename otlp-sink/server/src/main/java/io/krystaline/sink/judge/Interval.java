package io.krystaline.sink.judge;

/**
 * A stretch of event time.
 *
 * @param startNanos its start, nanoseconds since the Unix epoch
 * @param endNanos its end, not before the start
 */
public record Interval(long startNanos, long endNanos) {
  public Interval {
    if (endNanos < startNanos) {
      throw new IllegalArgumentException(
          "an interval ends at %d, before its start %d".formatted(endNanos, startNanos));
    }
  }

  /** Whether the time lies in it, its start and its end included. */
  public boolean contains(long nanos) {
    return startNanos <= nanos && nanos <= endNanos;
  }

  /** Whether the two have a point in common; touching ends count. */
  public boolean touches(Interval other) {
    return startNanos <= other.endNanos && other.startNanos <= endNanos;
  }

  /** The same with a later end. */
  public Interval extendedBy(long nanos) {
    return new Interval(startNanos, Math.addExact(endNanos, nanos));
  }

  /** Nanoseconds from the start to the end. */
  public long lengthNanos() {
    return endNanos - startNanos;
  }
}
