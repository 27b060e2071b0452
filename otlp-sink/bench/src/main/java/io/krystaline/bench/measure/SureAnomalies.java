package io.krystaline.bench.measure;

import io.krystaline.bench.load.EventClock;
import io.krystaline.bench.load.SingleSpan;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Spans that are surely critical: each of another operation, longer than any span of the load by
 * far, and longer than all that were made before. An operation with few spans takes one that is as
 * long as an earlier one for the hundredth that it may be, and a sink need not record that. Owned
 * by one thread at a time.
 */
final class SureAnomalies {
  private static final Duration SHORTEST = Duration.ofSeconds(90);
  private static final Duration GROWTH = Duration.ofMillis(50);

  private final List<SingleSpan.Of> operations;
  private final EventClock clock;
  private final RandomGenerator random;
  private int made;

  SureAnomalies(List<SingleSpan.Of> operations, EventClock clock, RandomGenerator random) {
    this.operations = List.copyOf(operations);
    this.clock = clock;
    this.random = random;
  }

  /** The next one, ending now. */
  SingleSpan next() {
    SingleSpan.Of operation = operations.get(made % operations.size());
    Duration duration = SHORTEST.plus(GROWTH.multipliedBy(made));
    made++;
    return SingleSpan.ending(operation, clock.nanos(), duration, random);
  }
}
