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

  // Durations of one cell share their highest bit and the four below it: they differ by 3 to 6 %,
  // so
  // they are of three bins at most.
  private static final int CELL_BITS = 4;

  /** The least duration of each bin, so that no logarithm is taken for a span. */
  private static final long[] LEAST_NANOS = leastNanos();

  /** The bin of each cell's least duration. */
  private static final int[] BIN_OF_CELL = binOfCell();

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
    int bin = BIN_OF_CELL[cell(nanos)];
    while (bin < COUNT - 1 && nanos >= LEAST_NANOS[bin + 1]) {
      bin++;
    }
    return bin;
  }

  /** The same by its definition. */
  static int byLogarithm(long nanos) {
    return nanos <= NANOS_PER_MICRO
        ? 0
        : Math.min(COUNT - 1, (int) (Math.log(nanos / NANOS_PER_MICRO) / WIDTH));
  }

  private static int cell(long nanos) {
    int shift = Long.SIZE - 1 - CELL_BITS - Long.numberOfLeadingZeros(nanos);
    return (shift << CELL_BITS) + (int) (nanos >>> shift);
  }

  private static long[] leastNanos() {
    long[] least = new long[COUNT];
    for (int bin = 1; bin < COUNT; bin++) {
      long below = least[bin - 1];
      long from = Long.MAX_VALUE;
      while (from - below > 1) {
        long middle = below + (from - below) / 2;
        if (byLogarithm(middle) >= bin) {
          from = middle;
        } else {
          below = middle;
        }
      }
      least[bin] = from;
    }
    return least;
  }

  private static int[] binOfCell() {
    int[] bins = new int[cell(Long.MAX_VALUE) + 1];
    for (int cell = 1 << CELL_BITS; cell < bins.length; cell++) {
      int shift = (cell >>> CELL_BITS) - 1;
      long least = (long) (cell - (shift << CELL_BITS)) << shift;
      bins[cell] = byLogarithm(least);
    }
    return bins;
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
