package io.krystaline.bench.send;

import java.time.Duration;

/**
 * How a run keeps a receiver busy.
 *
 * @param inFlight messages that may be under way on each connection
 * @param spansPerSecond spans a second over all connections; 0 for as fast as answers come
 * @param duration how long messages are sent
 */
public record Pace(int inFlight, double spansPerSecond, Duration duration) {
  public Pace {
    if (inFlight < 1 || inFlight > 10_000) {
      throw new IllegalArgumentException("inFlight is " + inFlight + ", it must be 1 to 10,000");
    }
    if (!(spansPerSecond >= 0 && spansPerSecond <= 1e9)) {
      throw new IllegalArgumentException("spansPerSecond is " + spansPerSecond);
    }
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration is " + duration);
    }
  }

  boolean isPaced() {
    return spansPerSecond > 0;
  }
}
