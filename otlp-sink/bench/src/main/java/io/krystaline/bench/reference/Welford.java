package io.krystaline.bench.reference;

/**
 * Running mean and deviation of durations by Welford's method: {@code mean += (x - mean) / n}, and
 * the sum of squares grows by {@code (x - mean before) (x - mean after)}. Exact to the rounding of
 * doubles; 24 bytes and a header. Thread-safe.
 *
 * <p>Of 2, 4 and 6 the mean is 4 and the deviation 2.
 */
final class Welford {
  private long count;
  private double mean;
  private double squares;

  /**
   * Adds a value.
   *
   * @return how many deviations it lies from the mean of those before; 0 while there are none
   */
  synchronized double add(double value) {
    double deviation = count < 2 ? 0 : Math.sqrt(squares / (count - 1));
    double score = deviation > 0 ? (value - mean) / deviation : 0;
    count++;
    double delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
    return score;
  }

  synchronized long count() {
    return count;
  }

  synchronized double mean() {
    return mean;
  }

  /** The deviation of a sample; 0 of less than two values. */
  synchronized double deviation() {
    return count < 2 ? 0 : Math.sqrt(squares / (count - 1));
  }
}
