package io.krystaline.engine.assemble;

import java.time.Duration;

/**
 * How traces are assembled.
 *
 * @param tick width of a tick of event time; spans are judged tick by tick, 100 ms to 1 min
 * @param slack how much later than a span that ended after it a span may arrive; a tick closes when
 *     a span that ended this much after it has arrived
 * @param childGrace how long after its parent's tick a child may end and still be seen with it
 * @param idle how long the spans of a trace without a root are kept after its last one
 * @param aheadMax a span that ends this much later than all others waits until the stream follows
 *     it there, so that one wrong clock does not close everybody's ticks
 * @param spansMax spans held at most; beyond it whole traces are left out, 48 bytes each
 * @param traceSpansMax spans of one trace held at most; a larger trace is left out as a whole
 */
public record AssemblySettings(
    Duration tick,
    Duration slack,
    Duration childGrace,
    Duration idle,
    Duration aheadMax,
    int spansMax,
    int traceSpansMax) {
  /** The defaults. */
  public static final AssemblySettings DEFAULTS =
      new AssemblySettings(
          Duration.ofMillis(1_250),
          Duration.ofSeconds(5),
          Duration.ofMillis(2_500),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          2_000_000,
          10_000);

  public AssemblySettings {
    if (tick.toMillis() < 100 || tick.toMillis() > 60_000) {
      throw new IllegalArgumentException("a tick is 100 ms to 1 min, not " + tick);
    }
    if (slack.isNegative() || childGrace.isNegative() || idle.isNegative()) {
      throw new IllegalArgumentException("slack, childGrace and idle are 0 or more");
    }
    if (aheadMax.compareTo(tick) < 0) {
      throw new IllegalArgumentException("aheadMax is a tick or more, not " + aheadMax);
    }
    if (spansMax < 1 || traceSpansMax < 1 || traceSpansMax > 65_535) {
      throw new IllegalArgumentException("spansMax is 1 or more, traceSpansMax 1 to 65,535");
    }
  }

  /** The same with another slack. */
  public AssemblySettings withSlack(Duration other) {
    return new AssemblySettings(tick, other, childGrace, idle, aheadMax, spansMax, traceSpansMax);
  }

  /** The same with another tick. */
  public AssemblySettings withTick(Duration other) {
    return new AssemblySettings(other, slack, childGrace, idle, aheadMax, spansMax, traceSpansMax);
  }
}
