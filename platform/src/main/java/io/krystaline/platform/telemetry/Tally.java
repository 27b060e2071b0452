package io.krystaline.platform.telemetry;

import java.util.concurrent.atomic.LongAdder;

/**
 * A counter for hot paths: counting allocates nothing and hardly ever contends. Thread-safe; a sum
 * read while others count may miss the latest of them.
 */
public final class Tally {
  private final LongAdder adder = new LongAdder();

  /** Creates a counter that no page shows; {@link Metrics#tally} gives one that is shown. */
  public Tally() {}

  /** Counts one. */
  public void increment() {
    adder.increment();
  }

  /**
   * Counts several.
   *
   * @param count not negative
   */
  public void add(long count) {
    if (count < 0) {
      throw new IllegalArgumentException("a counter cannot fall by " + count);
    }
    adder.add(count);
  }

  /** How many were counted. */
  public long sum() {
    return adder.sum();
  }
}
