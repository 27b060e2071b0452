package io.krystaline.sink.notify;

import java.time.Duration;
import java.time.Instant;

/**
 * Lets through {@code burst} at once and {@code perMinute} in the long run. A clock that jumps back
 * gives nothing and takes nothing. Used by one thread.
 */
final class TokenBucket {
  private static final double NANOS_PER_MINUTE = 60e9;

  private final double perMinute;
  private final double burst;
  private double tokens;
  private Instant filled;

  TokenBucket(int perMinute, int burst, Instant now) {
    if (perMinute < 1 || burst < 1) {
      throw new IllegalArgumentException(
          "perMinute %d and burst %d must be positive".formatted(perMinute, burst));
    }
    this.perMinute = perMinute;
    this.burst = burst;
    this.tokens = burst;
    this.filled = now;
  }

  /** Takes one, if there is one. */
  boolean take(Instant now) {
    fill(now);
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  /** When there will be one; now where there is. */
  Instant next(Instant now) {
    fill(now);
    double missing = Math.max(0, 1 - tokens);
    // A microsecond more than needed, so that rounding does not leave a token just short of one.
    return missing == 0
        ? now
        : now.plusNanos((long) Math.ceil(missing / perMinute * NANOS_PER_MINUTE) + 1_000);
  }

  private void fill(Instant now) {
    if (now.isAfter(filled)) {
      double nanos = Duration.between(filled, now).toNanos();
      tokens = Math.min(burst, tokens + nanos / NANOS_PER_MINUTE * perMinute);
    }
    filled = now;
  }
}
