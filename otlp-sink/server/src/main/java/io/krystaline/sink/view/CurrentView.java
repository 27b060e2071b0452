package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.krystaline.engine.baseline.Bucket;
import io.krystaline.engine.baseline.RecentActivity;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an operation does at the moment, beside its baseline.
 *
 * @param ratePerSecond spans per second of the last minute or so
 * @param meanMillis their mean duration; null where nothing was seen of late
 * @param state {@code above} or {@code below} when that mean is more than half a standard deviation
 *     from what this hour expects, {@code normal} within it, {@code unknown} without spans of late
 *     or without a baseline for this hour
 * @param trend {@code rising} or {@code falling} when the mean of the last minute differs from that
 *     of the last ten by more than a tenth, {@code steady} within it, {@code unknown} without spans
 *     of late
 * @param lastSeen when its latest span ended; null where none came since the start
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record CurrentView(
    double ratePerSecond,
    @Nullable Double meanMillis,
    String state,
    String trend,
    @Nullable Instant lastSeen) {
  private static final double STATE_DEVIATIONS = 0.5;
  private static final double TREND_SHARE = 0.1;

  /** Below this rate, a span some five minutes ago, nothing was seen of late. */
  private static final double RATE_MIN = 0.01 / 60;

  /**
   * The view of an operation.
   *
   * @param expected what its baseline says of this hour, if anything
   */
  public static CurrentView of(RecentActivity recent, Optional<Bucket> expected) {
    long lastSeen = recent.lastSeenNanos();
    Instant seen = lastSeen == 0 ? null : EpochNanos.toInstant(lastSeen);
    if (recent.spansPerSecond() < RATE_MIN) {
      return new CurrentView(0, null, "unknown", "unknown", seen);
    }
    return new CurrentView(
        recent.spansPerSecond(),
        recent.meanNanos() / 1e6,
        expected.map(bucket -> state(recent.meanNanos(), bucket)).orElse("unknown"),
        trend(recent.meanNanos(), recent.longMeanNanos()),
        seen);
  }

  private static String state(double meanNanos, Bucket expected) {
    double margin = STATE_DEVIATIONS * expected.scaleNanos();
    if (meanNanos > expected.meanNanos() + margin) {
      return "above";
    }
    return meanNanos < expected.meanNanos() - margin ? "below" : "normal";
  }

  private static String trend(double meanNanos, double longMeanNanos) {
    if (meanNanos > longMeanNanos * (1 + TREND_SHARE)) {
      return "rising";
    }
    return meanNanos < longMeanNanos * (1 - TREND_SHARE) ? "falling" : "steady";
  }
}
