package io.krystaline.engine.baseline;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The five deviations that separate the severities of one operation, learned as percentiles of its
 * own past deviations. Immutable.
 *
 * <p>Level 1 is the worst. A deviation is of a level when it is greater than the level's threshold
 * and not greater than that of a worse level.
 */
public final class Thresholds {
  /** The number of severities. */
  public static final int LEVELS = 5;

  private final double[] percentiles;
  private final double[] deviations;

  /**
   * Thresholds of five levels, the worst first.
   *
   * @param percentiles for example 99.9, 99, 95, 90, 80
   * @param deviations the deviation at each percentile, 0 or more
   * @throws IllegalArgumentException if there are not five of each, or a worse level is easier to
   *     reach, or one is not a finite figure
   */
  public Thresholds(double[] percentiles, double[] deviations) {
    if (percentiles.length != LEVELS || deviations.length != LEVELS) {
      throw new IllegalArgumentException(
          "there are " + percentiles.length + " percentiles and " + deviations.length + " values");
    }
    for (int i = 0; i < LEVELS; i++) {
      if (!(deviations[i] >= 0 && deviations[i] <= Double.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "the threshold of level " + (i + 1) + " is " + deviations[i]);
      }
      if (i > 0 && (percentiles[i] > percentiles[i - 1] || deviations[i] > deviations[i - 1])) {
        throw new IllegalArgumentException("level " + i + " is easier to reach than " + (i + 1));
      }
    }
    this.percentiles = percentiles.clone();
    this.deviations = deviations.clone();
  }

  /** The percentile of a level, 1 to 5, for example 99.9 for level 1. */
  public double percentile(int level) {
    return percentiles[level - 1];
  }

  /** The deviation that a span of a level, 1 to 5, exceeds. */
  public double deviation(int level) {
    return deviations[level - 1];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Thresholds that
        && Arrays.equals(percentiles, that.percentiles)
        && Arrays.equals(deviations, that.deviations);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(deviations);
  }

  @Override
  public String toString() {
    return "Thresholds" + Arrays.toString(deviations);
  }
}
