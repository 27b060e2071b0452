package io.krystaline.engine.score;

import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.Bucket;
import io.krystaline.engine.baseline.HourOfWeek;
import io.krystaline.engine.baseline.Thresholds;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.Locale;

/**
 * Says in one sentence why a span is an anomaly, for example {@code expected 89.0 ± 5.1 ms on
 * Mondays 09:00-10:00 UTC, from 412 samples; observed 99.6 ms; 2.1 σ; above p90}. The figure after
 * ± is the unit in which σ is counted ({@link Bucket#scaleNanos}).
 *
 * <p>One explains the spans of one operation that are compared with one bucket of its baseline:
 * what is the same for all of them is written once. Immutable.
 */
final class Explainer {
  private final Bucket bucket;
  private final ExpectedDuration expected;
  private final DurationUnit unit;
  private final String beforeObserved;
  private final String[] afterDeviation = new String[Thresholds.LEVELS];

  private Explainer(Baseline baseline, Bucket bucket, int hourOfWeek) {
    this.bucket = bucket;
    String when = when(baseline, bucket, hourOfWeek);
    expected =
        new ExpectedDuration(
            bucket.meanNanos() / 1e6,
            bucket.stdDevNanos() / 1e6,
            bucket.p50Nanos() / 1e6,
            bucket.p95Nanos() / 1e6,
            bucket.p99Nanos() / 1e6,
            bucket.samples(),
            when);
    unit = DurationUnit.of(bucket.meanNanos());
    beforeObserved =
        "expected "
            + unit.format(bucket.meanNanos(), 3)
            + " ± "
            + unit.format(bucket.scaleNanos(), 2)
            + ' '
            + unit.symbol()
            + ' '
            + when
            + ", from "
            + bucket.samples()
            + " samples; observed ";
    for (int level = 1; level <= Thresholds.LEVELS; level++) {
      afterDeviation[level - 1] =
          " σ; above p" + percentile(baseline.thresholds().percentile(level));
    }
  }

  /**
   * Explains spans of an hour of the week.
   *
   * @throws IllegalStateException if the baseline has nothing to compare them with
   */
  static Explainer of(Baseline baseline, int hourOfWeek) {
    Bucket bucket =
        baseline
            .resolve(hourOfWeek)
            .orElseThrow(() -> new IllegalStateException("marked without a baseline"));
    return of(baseline, bucket, hourOfWeek);
  }

  static Explainer of(Baseline baseline, Bucket bucket, int hourOfWeek) {
    return new Explainer(baseline, bucket, hourOfWeek);
  }

  /** The anomaly of a span that is beyond the threshold of a severity. */
  Anomaly anomaly(
      SpanBatch batch,
      int row,
      OperationKey operation,
      Severity severity,
      long durationNanos,
      long detectedNanos) {
    return new Anomaly(
        new TraceId(batch.traceIdHigh(row), batch.traceIdLow(row)),
        new SpanId(batch.spanId(row)),
        operation,
        severity,
        batch.startNanos(row),
        batch.endNanos(row),
        detectedNanos,
        bucket.deviation(durationNanos),
        expected,
        explain(severity, durationNanos));
  }

  /** The sentence. */
  String explain(Severity severity, long durationNanos) {
    return beforeObserved
        + DurationUnit.text((double) durationNanos, unit)
        + "; "
        + DurationUnit.significant(bucket.deviation(durationNanos), 3)
        + afterDeviation[severity.level() - 1];
  }

  /**
   * When a bucket applies, for a person: {@code on Mondays 09:00-10:00 UTC}, {@code at 09:00 of any
   * day}, {@code on Mondays, any hour}, {@code at any time}, or {@code at any time, still few
   * samples}.
   */
  static String when(Baseline baseline, Bucket bucket, int hourOfWeek) {
    int hour = HourOfWeek.hourOfDay(hourOfWeek);
    String day = HourOfWeek.day(hourOfWeek).getDisplayName(TextStyle.FULL, Locale.ENGLISH) + "s";
    String zone = zone(baseline.zone());
    return switch (bucket.level()) {
      case HOUR_OF_WEEK -> "on " + day + " " + clock(hour) + "-" + clock(hour + 1) + " " + zone;
      case HOUR_OF_DAY -> "at " + clock(hour) + "-" + clock(hour + 1) + " " + zone + " of any day";
      case DAY_OF_WEEK -> "on " + day + ", any hour";
      case GLOBAL -> baseline.isProvisional() ? "at any time, still few samples" : "at any time";
    };
  }

  private static String clock(int hour) {
    return (hour < 10 ? "0" : "") + hour + ":00";
  }

  private static String zone(ZoneId zone) {
    return zone.normalized().equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
  }

  private static String percentile(double percentile) {
    long whole = Math.round(percentile);
    return whole == percentile ? Long.toString(whole) : Double.toString(percentile);
  }
}
