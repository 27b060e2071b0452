package io.krystaline.engine.release;

/**
 * How the shares of an old version vary from minute to minute: decayed means of the share, of its
 * square and of what chance alone would add, {@code p (1 - p) / (n - 1)}. Owned by one thread.
 *
 * <p>The bound of a measure is the share that the new version must pass to count as worse: {@code
 * max(least, mean + 3 s)}, where {@code s^2} is the variance between minutes beyond chance. For
 * failures the least is one in a hundred more than twice the mean. Example: 120 minutes with a mean
 * share of 0.33 and a variance of 0.0045, of which chance explains 0.0020: s = 0.05, the bound is
 * max(0.5, 0.48) = 0.5.
 */
final class ShareHistory {
  static final int MINUTES_MIN = 10;
  static final int SPANS_MIN = 5;
  static final double BOUND_MAX = 0.8;
  private static final double DEVIATIONS = 3;

  private double minutes;
  private final double[] sum = new double[Measure.COUNT];
  private final double[] squares = new double[Measure.COUNT];
  private final double[] chance = new double[Measure.COUNT];

  /**
   * Learns a minute.
   *
   * @param counts how many spans, then how many of them by measure
   */
  void learn(long[] counts, double decay) {
    long spans = counts[0];
    if (spans < SPANS_MIN) {
      return;
    }
    minutes = minutes * decay + 1;
    for (int i = 0; i < Measure.COUNT; i++) {
      double share = counts[i + 1] / (double) spans;
      sum[i] = sum[i] * decay + share;
      squares[i] = squares[i] * decay + share * share;
      chance[i] = chance[i] * decay + share * (1 - share) / (spans - 1);
    }
  }

  /** The bound of a measure; NaN while too little is known, 1 where the old varies too much. */
  double bound(Measure measure) {
    if (minutes < MINUTES_MIN * 0.9) {
      return Double.NaN;
    }
    int i = measure.ordinal();
    double mean = sum[i] / minutes;
    double between = squares[i] / minutes - mean * mean - chance[i] / minutes;
    double varied = mean + DEVIATIONS * Math.sqrt(Math.max(0, between));
    double least =
        measure == Measure.FAILED ? 2 * mean + measure.shareMin : Math.max(measure.shareMin, mean);
    double bound = Math.max(least, varied);
    return bound > BOUND_MAX ? 1 : bound;
  }
}
