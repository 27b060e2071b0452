package io.krystaline.platform.http;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * The pace at which a connection looks at its timeouts: a fifth of the shortest, between 5 ms and a
 * second. A timeout is noticed at most one step late, and costs nothing per request.
 *
 * @param step one step
 */
record Ticks(Duration step) {
  private static final Duration SHORTEST = Duration.ofMillis(5);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  static Ticks of(HttpServerSettings settings) {
    Duration shortest =
        Stream.of(
                settings.headerTimeout(),
                settings.bodyIdleTimeout(),
                settings.bodyTimeout(),
                settings.requestTimeout(),
                settings.writeTimeout(),
                settings.idleTimeout())
            .min(Duration::compareTo)
            .orElse(LONGEST)
            .dividedBy(5);
    Duration step = shortest.compareTo(SHORTEST) < 0 ? SHORTEST : shortest;
    return new Ticks(step.compareTo(LONGEST) > 0 ? LONGEST : step);
  }

  /** Whether so many steps are at least as long as the timeout. */
  boolean reached(int steps, Duration timeout) {
    return steps * step.toNanos() >= timeout.toNanos();
  }
}
