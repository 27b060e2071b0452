package io.krystaline.engine.assemble;

/**
 * The share of traces that is taken in, chosen by a hash of the trace id so that traces are whole
 * or absent: halved when room runs short, doubled when it was calm for a while. Owned by one
 * thread.
 */
final class TraceShare {
  private static final int CALM_TICKS = 24;

  private final int spansMax;

  /** The {@link TraceLimit} of what is taken in. */
  private long keptUpTo = TraceLimit.ALL;

  // Until that tick, traces with a hash above may have begun while they were left out.
  private long openedAbove = TraceLimit.ALL;
  private long openedUntilTick = Long.MIN_VALUE;

  private int calmTicks;
  private boolean mayTakeMore = true;

  TraceShare(int spansMax) {
    this.spansMax = spansMax;
  }

  boolean isKept(long traceIdHigh, long traceIdLow) {
    return TraceLimit.isKept(traceIdHigh, traceIdLow, keptUpTo);
  }

  /** Whether spans of a trace that is new at a tick may have been left out before. */
  boolean hasLost(long traceIdHigh, long traceIdLow, long tick) {
    return tick < openedUntilTick && !TraceLimit.isKept(traceIdHigh, traceIdLow, openedAbove);
  }

  long keptUpTo() {
    return keptUpTo;
  }

  /** The share that is taken in, 0 to 1. */
  double share() {
    return TraceLimit.share(keptUpTo);
  }

  /** Whether it may grow once it is calm. */
  void mayTakeMore(boolean may) {
    mayTakeMore = may;
  }

  /** Takes in half as many traces; those held of the others are to be left out. */
  void halve() {
    keptUpTo >>>= 1;
    calmTicks = 0;
  }

  /** Spans of any trace were lost: none that is new before that tick is whole. */
  void lost(long untilTick) {
    openedAbove = 0;
    openedUntilTick = untilTick;
  }

  /** Whether the spans held after a tick are so many that the share must be halved. */
  boolean isTooMuch(int held) {
    return held > spansMax / 10 * 9L;
  }

  /**
   * Takes in twice as many traces if it has been calm; those that had begun before are not whole.
   *
   * @param wholeFromTick the tick from which on a new trace is sure to be whole
   */
  void adapt(int held, long wholeFromTick) {
    if (keptUpTo == TraceLimit.ALL || held >= spansMax / 3) {
      return;
    }
    calmTicks++;
    if (calmTicks >= CALM_TICKS && mayTakeMore) {
      openedAbove = keptUpTo;
      openedUntilTick = wholeFromTick;
      keptUpTo = keptUpTo << 1 | 1;
      calmTicks = 0;
    }
  }
}
