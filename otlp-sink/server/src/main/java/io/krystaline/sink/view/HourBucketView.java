package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.Bucket;
import io.krystaline.engine.baseline.BucketLevel;
import io.krystaline.engine.baseline.HourOfWeek;
import org.jspecify.annotations.Nullable;

/**
 * What an operation normally does in one hour of the week: the figures that a span of that hour is
 * compared with.
 *
 * @param day {@code MONDAY} to {@code SUNDAY}
 * @param hour 0 to 23
 * @param ownSamples spans that were seen in this very hour of the week
 * @param level where the figures come from: {@code hourOfWeek} (its own), else the first that has
 *     enough samples of {@code hourOfDay}, {@code dayOfWeek}, {@code global}; {@code learning}
 *     where none has, and then there are no figures
 * @param samples number of spans behind the figures
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record HourBucketView(
    String day,
    int hour,
    long ownSamples,
    String level,
    long samples,
    @Nullable Double meanMillis,
    @Nullable Double stdDevMillis,
    @Nullable Double minMillis,
    @Nullable Double maxMillis,
    @Nullable Double p50Millis,
    @Nullable Double p95Millis,
    @Nullable Double p99Millis) {

  /** The view of an hour of the week, 0 (Monday 00:00) to 167. */
  static HourBucketView of(Baseline baseline, int hourOfWeek) {
    String day = HourOfWeek.day(hourOfWeek).name();
    int hour = HourOfWeek.hourOfDay(hourOfWeek);
    long own = baseline.hour(hourOfWeek).map(Bucket::samples).orElse(0L);
    Bucket bucket = baseline.resolve(hourOfWeek).orElse(null);
    if (bucket == null) {
      return new HourBucketView(
          day, hour, own, "learning", own, null, null, null, null, null, null, null);
    }
    return new HourBucketView(
        day,
        hour,
        own,
        level(bucket.level()),
        bucket.samples(),
        bucket.meanNanos() / 1e6,
        bucket.stdDevNanos() / 1e6,
        bucket.minNanos() / 1e6,
        bucket.maxNanos() / 1e6,
        bucket.p50Nanos() / 1e6,
        bucket.p95Nanos() / 1e6,
        bucket.p99Nanos() / 1e6);
  }

  private static String level(BucketLevel level) {
    return switch (level) {
      case HOUR_OF_WEEK -> "hourOfWeek";
      case HOUR_OF_DAY -> "hourOfDay";
      case DAY_OF_WEEK -> "dayOfWeek";
      case GLOBAL -> "global";
    };
  }
}
