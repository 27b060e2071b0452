package io.krystaline.engine.release;

/**
 * The opposite test: that the share of worse spans is below its bound. Bets on less, {@code K = K
 * (1 + b (bound - share))}, with b = 0.75 / (1 - bound) and a quarter of it. The three measures
 * must each be decided (an intersection-union test, Berger 1982), so no correction is needed. Owned
 * by one thread.
 */
final class Acquittal {
  /** ln(1 / 0.05): one version in twenty that is as bad as the bound is acquitted at most. */
  static final double NATS = Math.log(20);

  private static final double STAKED = 0.75;
  private static final double STEP = 4;

  private final double[] bold = new double[Measure.COUNT];
  private final double[] careful = new double[Measure.COUNT];

  void bet(Measure measure, double share, double bound) {
    int i = measure.ordinal();
    double bet = STAKED / (1 - bound);
    bold[i] += Math.log1p(bet * (bound - share));
    careful[i] += Math.log1p(bet / STEP * (bound - share));
  }

  boolean isReached() {
    for (int i = 0; i < Measure.COUNT; i++) {
      if (Wealth.logSum(bold[i], careful[i]) - Math.log(2) < NATS) {
        return false;
      }
    }
    return true;
  }
}
