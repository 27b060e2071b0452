package io.krystaline.engine.baseline;

/**
 * How an operation did lately, as averages whose weight halves with age: the short one looks back
 * about a minute, the long one about ten.
 *
 * @param spansPerSecond rate of the last minute or so, 0 or more
 * @param meanNanos mean duration of the last minute or so; 0 when there was no span
 * @param longMeanNanos mean duration of the last ten minutes or so; 0 when there was no span. A
 *     short mean above it means that the operation gets slower
 * @param lastSeenNanos end of the latest span, nanoseconds since the epoch; 0 when never seen
 */
public record RecentActivity(
    double spansPerSecond, double meanNanos, double longMeanNanos, long lastSeenNanos) {

  /** The mutable side: two exponentially decaying sums. Guarded by its operation. */
  static final class Meter {
    private static final double SHORT_NANOS = 60e9;
    private static final double LONG_NANOS = 600e9;
    private static final double FORGOTTEN = 1e-9;

    private long updatedNanos = Long.MIN_VALUE;
    private double shortCount;
    private double shortNanos;
    private double longCount;
    private double longNanos;
    private long lastSeenNanos;

    void record(long count, double durationsNanos, long seenNanos, long nowNanos) {
      decay(nowNanos);
      shortCount += count;
      shortNanos += durationsNanos;
      longCount += count;
      longNanos += durationsNanos;
      if (Long.compareUnsigned(seenNanos, lastSeenNanos) > 0) {
        lastSeenNanos = seenNanos;
      }
    }

    RecentActivity read(long nowNanos) {
      decay(nowNanos);
      return new RecentActivity(
          shortCount / (SHORT_NANOS / 1e9),
          shortCount < FORGOTTEN ? 0 : shortNanos / shortCount,
          longCount < FORGOTTEN ? 0 : longNanos / longCount,
          lastSeenNanos);
    }

    private void decay(long nowNanos) {
      if (updatedNanos == Long.MIN_VALUE) {
        updatedNanos = nowNanos;
      }
      double passed = (double) nowNanos - updatedNanos;
      if (passed <= 0) {
        return;
      }
      double shortShare = Math.exp(-passed / SHORT_NANOS);
      double longShare = Math.exp(-passed / LONG_NANOS);
      shortCount *= shortShare;
      shortNanos *= shortShare;
      longCount *= longShare;
      longNanos *= longShare;
      updatedNanos = nowNanos;
    }
  }
}
