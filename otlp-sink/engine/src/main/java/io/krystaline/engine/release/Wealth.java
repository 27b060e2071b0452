package io.krystaline.engine.release;

import java.util.Arrays;

/**
 * A test by betting for each measure (Waudby-Smith and Ramdas, Estimating means of bounded random
 * variables by betting, JRSS B 2024). Each tick with spans, a gambler stakes a part of what he has
 * on the share of worse spans being above its bound:
 *
 * <pre>K = K (1 + b (share - bound))</pre>
 *
 * with three gamblers of bets b, b / 4 and b / 16, b = min(0.75 / bound, the measure's most). As
 * long as the expected share, given the past, is at most the bound, K is a nonnegative
 * supermartingale that begins with 1, and so is a mean of such; that one ever reaches 1 / alpha has
 * a probability of at most alpha (Ville 1939). Spans of one tick, and ticks of each other, need not
 * be independent. Kept as logarithms. Owned by one thread.
 *
 * <p>Example: all spans beyond a bound of 0.5: b = 1.5, each tick multiplies K by 1.75 (0.56 nats);
 * 9 nats take 20 ticks with the share of one gambler in six (1.8 nats) included.
 */
final class Wealth {
  private static final double STAKED = 0.75;
  private static final int GAMBLERS = 3;
  private static final double STEP = 4;

  private final double[] logs = new double[Measure.COUNT * GAMBLERS];

  /** Bets on a share, 0 to 1, against a bound, more than 0 and less than 1. */
  void bet(Measure measure, double share, double bound) {
    double bet = Math.min(STAKED / bound, measure.betMax);
    for (int gambler = 0; gambler < GAMBLERS; gambler++) {
      logs[measure.ordinal() * GAMBLERS + gambler] += Math.log1p(bet * (share - bound));
      bet /= STEP;
    }
  }

  /** ln of the mean wealth by both measures of slowness. */
  double slower() {
    return logMean(0, 2 * GAMBLERS);
  }

  /** ln of the mean wealth by the measure of failures. */
  double failing() {
    return logMean(2 * GAMBLERS, Measure.COUNT * GAMBLERS);
  }

  /** The measure of slowness with the most. */
  Measure slowest() {
    double median = logMean(0, GAMBLERS);
    return logMean(GAMBLERS, 2 * GAMBLERS) > median ? Measure.TAIL : Measure.MEDIAN;
  }

  private double logMean(int from, int to) {
    return logSum(Arrays.copyOfRange(logs, from, to)) - Math.log(to - from);
  }

  /** {@code ln(sum of e^x)}. */
  static double logSum(double... logs) {
    double most = Arrays.stream(logs).max().orElse(Double.NEGATIVE_INFINITY);
    if (most == Double.NEGATIVE_INFINITY) {
      return most;
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - most);
    }
    return most + Math.log(sum);
  }
}
