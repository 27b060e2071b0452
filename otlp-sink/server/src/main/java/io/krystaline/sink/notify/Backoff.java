package io.krystaline.sink.notify;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after so many failures: twice as long each time, up to a limit, of which the
 * second half is random, so that what failed together is not tried together again.
 *
 * <p>With 1 s and 5 min: 0.5 to 1 s, 1 to 2 s, 2 to 4 s, ... and 2.5 to 5 min from the tenth on.
 */
record Backoff(Duration first, Duration max) {
  Backoff {
    if (!first.isPositive() || max.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "backoff from %s to %s is no rising range".formatted(first, max));
    }
  }

  /** The wait after the given number of failures, one or more. */
  Duration after(int failures, RandomGenerator random) {
    double nanos =
        Math.min((double) max.toNanos(), first.toNanos() * Math.pow(2, Math.max(0, failures - 1)));
    return Duration.ofNanos((long) (nanos / 2 + random.nextDouble() * nanos / 2));
  }
}
