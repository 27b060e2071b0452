package io.krystaline.sink.view;

import java.time.Instant;

/** Nanoseconds since the Unix epoch, as the engine counts time, to and from {@link Instant}. */
public final class EpochNanos {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** The first and last instants that 64 bits of nanoseconds can hold: years 1677 and 2262. */
  private static final Instant FIRST = toInstant(Long.MIN_VALUE);

  private static final Instant LAST = toInstant(Long.MAX_VALUE);

  private EpochNanos() {}

  /** The instant of a count, for example 1 gives {@code 1970-01-01T00:00:00.000000001Z}. */
  public static Instant toInstant(long epochNanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(epochNanos, NANOS_PER_SECOND), Math.floorMod(epochNanos, NANOS_PER_SECOND));
  }

  /** The count of an instant; beyond what 64 bits hold it is the nearest that they do. */
  public static long of(Instant instant) {
    if (instant.isBefore(FIRST)) {
      return Long.MIN_VALUE;
    }
    if (instant.isAfter(LAST)) {
      return Long.MAX_VALUE;
    }
    if (instant.getEpochSecond() < 0) {
      // The product of the floor second alone could overflow just above the first instant.
      return (instant.getEpochSecond() + 1) * NANOS_PER_SECOND
          - (NANOS_PER_SECOND - instant.getNano());
    }
    return instant.getEpochSecond() * NANOS_PER_SECOND + instant.getNano();
  }
}
