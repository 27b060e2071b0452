package io.krystaline.engine.detect;

/** Evidence in counts. */
public final class Divergence {
  private Divergence() {}

  /**
   * How much more often than expected something happened: {@code n KL(k/n || q)} in nats, the
   * log-likelihood ratio of the observed share against {@code q}; 0 where the share is not above
   * {@code q}. For example 3 of 3 at q = 0.01 give 3 ln 100 = 13.8; 30 of 100 at q = 0.1 give 15.4
   * (Berk, Jones 1979).
   *
   * @param hits 0 to {@code trials}
   * @param trials more than 0
   * @param expected a probability between 0 and 1
   */
  public static double above(long hits, long trials, double expected) {
    double share = hits / (double) trials;
    if (share <= expected) {
      return 0;
    }
    double nats = share * Math.log(share / expected);
    if (share < 1) {
      nats += (1 - share) * Math.log((1 - share) / (1 - expected));
    }
    return trials * nats;
  }

  /**
   * How much more often than expected something happened that may happen any number of times, or
   * with a probability of its own each time: {@code n ln(n / expected) - n + expected} nats, the
   * Poisson log-likelihood ratio; its e^-nats bounds the tail. For example 30 for 10 give 13.0.
   *
   * @param count not below {@code expected}
   * @param expected more than 0
   */
  static double beyond(long count, double expected) {
    return count <= expected ? 0 : count * Math.log(count / expected) - count + expected;
  }
}
