package io.krystaline.engine.release;

/**
 * One version of one service, by a small number. Thread-safe.
 *
 * <p>The number is given again to another release only after 65,535 others, and never while this
 * one is {@linkplain #isKnown() known}.
 */
public final class Release {
  /** Instead of a number: no release, or one beyond the limits. */
  public static final int NONE = 0;

  private static final long SEEN_STEP_NANOS = 1_000_000_000L;

  private final int number;
  private final String service;
  private final String version;
  private volatile long seenNanos;
  private volatile boolean known = true;

  Release(int number, String service, String version, long seenNanos) {
    this.number = number;
    this.service = service;
    this.version = version;
    this.seenNanos = seenNanos;
  }

  /** 1 to 65,535; {@link #NONE} for one beyond the limits. */
  public int number() {
    return number;
  }

  /** The resource's {@code service.name}. */
  public String service() {
    return service;
  }

  /** The resource's {@code service.version}. */
  public String version() {
    return version;
  }

  /** Whether its directory still holds it. */
  public boolean isKnown() {
    return known;
  }

  void forget() {
    known = false;
  }

  /** Notes that it sends spans; whole seconds are enough, so that it is seldom written. */
  void seen(long nanos) {
    if (nanos - seenNanos >= SEEN_STEP_NANOS) {
      seenNanos = nanos;
    }
  }

  long seenNanos() {
    return seenNanos;
  }
}
