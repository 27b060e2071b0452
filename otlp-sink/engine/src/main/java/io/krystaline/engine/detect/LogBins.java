package io.krystaline.engine.detect;

/**
 * Bins of durations on a logarithmic scale: bin {@code b} holds {@code [e^(0.04 b), e^(0.04
 * (b+1)))} microseconds, 0 to 511, so 1 µs to 13 minutes at 4 % each; what lies beyond is in the
 * outer bins.
 */
final class LogBins {
  static final int COUNT = 512;
  static final double WIDTH = 0.04;
  private static final double NANOS_PER_MICRO = 1_000;

  private final int[] withMargin = new int[COUNT];

  /**
   * Bins with a margin of materiality.
   *
   * @param marginNanos a duration is tested as if it were this much less
   * @param marginFactor and at most as its part by this factor
   */
  LogBins(long marginNanos, double marginFactor) {
    int shift = (int) (Math.log(marginFactor) / WIDTH);
    for (int bin = 0; bin < COUNT; bin++) {
      double micros = Math.exp(bin * WIDTH) - marginNanos / NANOS_PER_MICRO;
      int less = micros > 1 ? (int) (Math.log(micros) / WIDTH) : 0;
      withMargin[bin] = Math.max(0, Math.min(less, bin - shift));
    }
  }

  /** The bin of a duration in nanoseconds, 0 or more. */
  static int of(long nanos) {
    if (nanos <= NANOS_PER_MICRO) {
      return 0;
    }
    return Math.min(COUNT - 1, (int) (Math.log(nanos / NANOS_PER_MICRO) / WIDTH));
  }

  /** The bin that a duration of a bin is tested as: min(x - margin, x / factor). */
  int tested(int bin) {
    return withMargin[bin];
  }

  /** The middle of a bin, nanoseconds. */
  static double middleNanos(int bin) {
    return Math.exp((bin + 0.5) * WIDTH) * NANOS_PER_MICRO;
  }
}
