package io.krystaline.engine.baseline;

import java.time.ZoneId;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Learns a {@link Baseline} from the hourly statistics of one operation. It takes what it is given:
 * the caller chooses the hours, usually those of the last 30 days.
 *
 * <p>Holds one {@link HourStatistics} for each hour of the week that was seen, up to 600 KB, until
 * it is dropped. Hours may come in any order and in parts; the result is the same. Owned by one
 * thread.
 */
public final class BaselineBuilder {
  private final BaselineSettings settings;
  private final ZoneId zone;
  private final @Nullable HourStatistics[] buckets = new HourStatistics[Baseline.BUCKETS];

  /** A builder that has seen nothing. */
  public BaselineBuilder(BaselineSettings settings) {
    this.settings = settings;
    this.zone = settings.zone();
  }

  /** The baseline of all hours that the iterator gives: what a recalculation calls. */
  public static Baseline build(Iterator<HourSlice> hours, BaselineSettings settings) {
    BaselineBuilder builder = new BaselineBuilder(settings);
    while (hours.hasNext()) {
      HourSlice hour = hours.next();
      builder.add(hour.epochHour(), hour.statistics());
    }
    return builder.build();
  }

  /** A baseline that knows no hours and compares every span with all that was seen so far. */
  public static Baseline provisional(HourStatistics all, BaselineSettings settings) {
    if (all.count() == 0) {
      return Baseline.LEARNING;
    }
    BucketColumns columns = new BucketColumns(1);
    columns.add(Baseline.GLOBAL, all);
    ThresholdLearner learner = new ThresholdLearner(settings.percentiles());
    if (all.count() >= settings.minSamples()) {
      learner.add(all.sketch(), (float) all.meanNanos(), (float) all.stdDevNanos());
    }
    return new Baseline(
        settings.zone(),
        settings.minSamples(),
        all.count(),
        all.count() < settings.provisionalBelow(),
        learner.learn(),
        columns);
  }

  /** Takes in what was seen in one hour since the epoch, or in a part of it. */
  public void add(long epochHour, HourStatistics statistics) {
    if (statistics.count() > 0) {
      merge(HourOfWeek.of(epochHour, zone), statistics);
    }
  }

  /**
   * The baseline of all hours added so far. Each bin of each hour is turned into its deviation from
   * the bucket that the hour resolves to; the thresholds are percentiles of those.
   */
  public Baseline build() {
    widen();
    int seen = 0;
    for (HourStatistics bucket : buckets) {
      seen += bucket == null ? 0 : 1;
    }
    BucketColumns columns = new BucketColumns(seen);
    for (int bucket = 0; bucket < Baseline.BUCKETS; bucket++) {
      HourStatistics statistics = buckets[bucket];
      if (statistics != null) {
        columns.add(bucket, statistics);
      }
    }
    HourStatistics all = buckets[Baseline.GLOBAL];
    long samples = all == null ? 0 : all.count();
    boolean provisional = samples < settings.provisionalBelow();
    return new Baseline(
        zone, settings.minSamples(), samples, provisional, learnThresholds(), columns);
  }

  /** Rebuilds the wider buckets from the hours of the week. */
  private void widen() {
    for (int bucket = HourOfWeek.HOURS; bucket < Baseline.BUCKETS; bucket++) {
      buckets[bucket] = null;
    }
    for (int hour = 0; hour < HourOfWeek.HOURS; hour++) {
      HourStatistics statistics = buckets[hour];
      if (statistics != null) {
        merge(Baseline.FIRST_HOUR_OF_DAY + HourOfWeek.hourOfDay(hour), statistics);
        merge(Baseline.FIRST_DAY + hour / 24, statistics);
        merge(Baseline.GLOBAL, statistics);
      }
    }
  }

  private Thresholds learnThresholds() {
    ThresholdLearner learner = new ThresholdLearner(settings.percentiles());
    for (int hour = 0; hour < HourOfWeek.HOURS; hour++) {
      HourStatistics statistics = buckets[hour];
      HourStatistics compared = statistics == null ? null : comparedWith(hour);
      if (statistics != null && compared != null) {
        learner.add(
            statistics.sketch(), (float) compared.meanNanos(), (float) compared.stdDevNanos());
      }
    }
    return learner.learn();
  }

  private @Nullable HourStatistics comparedWith(int hour) {
    for (int bucket : Baseline.fallbackChain(hour)) {
      HourStatistics statistics = buckets[bucket];
      if (statistics != null && statistics.count() >= settings.minSamples()) {
        return statistics;
      }
    }
    return null;
  }

  private void merge(int bucket, HourStatistics statistics) {
    HourStatistics merged = buckets[bucket];
    if (merged == null) {
      merged = new HourStatistics();
      buckets[bucket] = merged;
    }
    merged.merge(statistics);
  }
}
