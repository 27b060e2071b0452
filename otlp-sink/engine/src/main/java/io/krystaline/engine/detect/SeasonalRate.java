package io.krystaline.engine.detect;

import java.time.Duration;
import java.util.Arrays;

/**
 * How many spans of one sort a service usually has at a time of day: the mean for each of 96
 * quarter hours (UTC), learned from past days, times how the last quarter of an hour compared with
 * it. Says nothing before it has seen the same time of an earlier day. Owned by one thread.
 */
final class SeasonalRate {
  private static final int SLOTS = 96;
  private static final long DAY_NANOS = Duration.ofDays(1).toNanos();
  private static final long SLOT_NANOS = DAY_NANOS / SLOTS;
  private static final long SEASONED_AFTER_NANOS = Duration.ofHours(20).toNanos();
  private static final double RATIO_MIN = 0.25;
  private static final double RATIO_MAX = 4;

  private final double[] sums = new double[SLOTS];
  private final double[] ticks = new double[SLOTS];
  private final long[] firstNanos = new long[SLOTS];
  private final double ratioStep;
  private double usualSum;
  private double seenSum;

  /**
   * A rate of which nothing is known.
   *
   * @param tickNanos the width of a tick
   */
  SeasonalRate(long tickNanos) {
    this.ratioStep = tickNanos / (double) SLOT_NANOS;
    Arrays.fill(firstNanos, Long.MAX_VALUE);
  }

  /** Learns a tick that was normal. */
  void learn(long nanos, long spans) {
    int slot = slot(nanos);
    firstNanos[slot] = Math.min(firstNanos[slot], nanos);
    // A slot remembers about four days.
    double ticksMax = 4 / ratioStep;
    if (ticks[slot] >= ticksMax) {
      sums[slot] *= 1 - 1 / ticksMax;
      ticks[slot] *= 1 - 1 / ticksMax;
    }
    sums[slot] += spans;
    ticks[slot]++;
    double usual = seasonal(nanos);
    if (usual > 0) {
      seenSum += (spans - seenSum) * ratioStep;
      usualSum += (usual - usualSum) * ratioStep;
    }
  }

  /** Spans to be expected in the tick of a time; 0 where nothing is known of that time of day. */
  double expected(long nanos) {
    double usual = seasonal(nanos);
    if (usual <= 0 || usualSum <= 0) {
      return usual;
    }
    return usual * Math.min(RATIO_MAX, Math.max(RATIO_MIN, seenSum / usualSum));
  }

  private double seasonal(long nanos) {
    long intoSlot = Math.floorMod(nanos, SLOT_NANOS);
    int slot = slot(nanos);
    int other = intoSlot * 2 < SLOT_NANOS ? (slot + SLOTS - 1) % SLOTS : (slot + 1) % SLOTS;
    if (!isSeasoned(slot, nanos)) {
      return 0;
    }
    double own = sums[slot] / ticks[slot];
    if (!isSeasoned(other, nanos)) {
      return own;
    }
    double away = Math.abs(intoSlot / (double) SLOT_NANOS - 0.5);
    return own * (1 - away) + sums[other] / ticks[other] * away;
  }

  private boolean isSeasoned(int slot, long nanos) {
    return firstNanos[slot] != Long.MAX_VALUE && nanos - firstNanos[slot] >= SEASONED_AFTER_NANOS;
  }

  private static int slot(long nanos) {
    return (int) (Math.floorMod(nanos, DAY_NANOS) / SLOT_NANOS);
  }
}
