package io.krystaline.sink.selftest;

/**
 * Exact confidence interval of a Poisson mean of which one count was seen (Garwood 1936): the means
 * under which so many or more, and so few or fewer, are not too improbable. With count n and error
 * a: lower is where P(X &gt;= n) = a/2 (0 for n = 0), upper is where P(X &lt;= n) = a/2; these are
 * half the chi-square quantiles of 2n and 2n + 2 degrees of freedom.
 *
 * <p>Worked: nothing seen, 95 %: 0 to 3.689; 3 seen: 0.619 to 8.767.
 *
 * @param lower lower end
 * @param upper upper end
 */
public record PoissonInterval(double lower, double upper) {
  private static final int BISECTIONS = 100;

  /**
   * The interval of a count.
   *
   * @param count what was seen, 0 or more
   * @param confidence e.g. 0.95
   */
  public static PoissonInterval of(long count, double confidence) {
    if (count < 0 || !(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "no interval for a count of %d at %s".formatted(count, confidence));
    }
    double tail = (1 - confidence) / 2;
    double most = count + 20 * Math.sqrt(count + 1.0) + 50;
    double lower = count == 0 ? 0 : meanWithCumulative(count - 1, 1 - tail, most);
    return new PoissonInterval(lower, meanWithCumulative(count, tail, most));
  }

  /** The mean under which P(X &lt;= count) is {@code probability}; it falls as the mean grows. */
  private static double meanWithCumulative(long count, double probability, double most) {
    double low = 0;
    double high = most;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (low + high) / 2;
      if (cumulative(count, middle) > probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** P(X &lt;= count), summed from the largest term down so that nothing overflows. */
  static double cumulative(long count, double mean) {
    if (mean <= 0) {
      return 1;
    }
    double logTerm = -mean;
    double sum = 0;
    for (long k = 0; k <= count; k++) {
      sum += Math.exp(logTerm);
      logTerm += Math.log(mean / (k + 1));
    }
    return Math.min(1, sum);
  }
}
