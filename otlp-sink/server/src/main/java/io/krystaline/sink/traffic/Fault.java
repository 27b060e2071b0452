package io.krystaline.sink.traffic;

import java.util.Objects;

/**
 * A fault to inject.
 *
 * @param kind what happens
 * @param service the service it happens to, by name
 * @param target what of the service, by name: the entry operation of a surge, the callee of a
 *     missing child; empty for the other kinds
 * @param strength from 0, the weakest of the kind, to 1, the strongest
 * @param startNanos from when, event time in nanoseconds since the Unix epoch
 * @param endNanos until when
 */
public record Fault(
    FaultKind kind,
    String service,
    String target,
    double strength,
    long startNanos,
    long endNanos) {
  public Fault {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(target, "target");
    if (!(strength >= 0 && strength <= 1)) {
      throw new IllegalArgumentException("a fault's strength is 0 to 1, not " + strength);
    }
    if (endNanos <= startNanos) {
      throw new IllegalArgumentException("a fault ends after its start");
    }
  }

  /** A value on a logarithmic scale between the weakest and the strongest. */
  double scaled(double weakest, double strongest) {
    return weakest * Math.pow(strongest / weakest, strength);
  }

  boolean covers(long nanos) {
    return startNanos <= nanos && nanos < endNanos;
  }
}
