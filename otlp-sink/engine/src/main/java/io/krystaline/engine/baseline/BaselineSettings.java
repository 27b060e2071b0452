package io.krystaline.engine.baseline;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

/**
 * How baselines are learned.
 *
 * @param zone the time zone of days and hours; UTC
 * @param historyDays how many days of statistics a recalculation reads; 30
 * @param minSamples a bucket with fewer samples falls back to a wider one; 10
 * @param percentiles the percentiles of past deviations at which severities 1 to 5 begin, in that
 *     order; 99.9, 99, 95, 90, 80
 * @param coldStartSamples an operation without a recalculated baseline marks nothing before it has
 *     seen this many spans; 100
 * @param coldStartGrowth its provisional baseline is rebuilt each time that its samples have grown
 *     by this factor; 1.25
 * @param provisionalBelow an operation whose recalculated baseline has fewer samples than this goes
 *     on learning as in the cold start; 1,000
 */
public record BaselineSettings(
    ZoneId zone,
    int historyDays,
    int minSamples,
    List<Double> percentiles,
    int coldStartSamples,
    double coldStartGrowth,
    int provisionalBelow) {
  public BaselineSettings {
    Objects.requireNonNull(zone, "zone");
    percentiles = List.copyOf(percentiles);
    atLeast("historyDays", historyDays, 1);
    atLeast("minSamples", minSamples, 2);
    atLeast("coldStartSamples", coldStartSamples, minSamples);
    atLeast("provisionalBelow", provisionalBelow, coldStartSamples);
    if (!(coldStartGrowth >= 1.01 && coldStartGrowth <= 10)) {
      throw new IllegalArgumentException("coldStartGrowth is " + coldStartGrowth);
    }
    if (percentiles.size() != Thresholds.LEVELS) {
      throw new IllegalArgumentException("percentiles are " + percentiles + ", five are needed");
    }
    double worse = 100;
    for (double percentile : percentiles) {
      if (!(percentile > 0 && percentile < worse)) {
        throw new IllegalArgumentException(
            "percentiles are " + percentiles + "; each is below the one before, from 100 to 0");
      }
      worse = percentile;
    }
  }

  /** The defaults. */
  public static BaselineSettings defaults() {
    return new BaselineSettings(
        ZoneOffset.UTC, 30, 10, List.of(99.9, 99.0, 95.0, 90.0, 80.0), 100, 1.25, 1_000);
  }

  /** The same in another time zone. */
  public BaselineSettings withZone(ZoneId otherZone) {
    return new BaselineSettings(
        otherZone,
        historyDays,
        minSamples,
        percentiles,
        coldStartSamples,
        coldStartGrowth,
        provisionalBelow);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + " is " + value + ", at least " + least + " is needed");
    }
  }
}
