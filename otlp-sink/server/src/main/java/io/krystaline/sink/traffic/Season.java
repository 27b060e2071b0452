package io.krystaline.sink.traffic;

/**
 * How much traffic there is at a time, as a factor of the average weekday: a daily wave from 0.5 at
 * 03:00 to 1.5 at 15:00 UTC, three quarters of it at weekends, and smooth noise of some percent.
 */
final class Season {
  static final long SECOND = 1_000_000_000L;
  private static final long HOUR = 3_600 * SECOND;
  private static final long DAY = 24 * HOUR;
  private static final double WAVE = 0.5;
  private static final double WEEKEND = 0.75;
  private static final double SLOWER_AT_PEAK = 0.15;

  private final long seed;

  Season(long seed) {
    this.seed = Hashing.mix(seed, 2, 2);
  }

  /** Traffic of the hour and weekday. */
  double wave(long nanos) {
    double hours = Math.floorMod(nanos, DAY) / (double) HOUR;
    double daily = 1 + WAVE * Math.sin(2 * Math.PI * (hours - 9) / 24);
    // 1970-01-01 was a Thursday: days 2 and 3 of each week from there are Saturday and Sunday.
    long weekday = Math.floorMod(Math.floorDiv(nanos, DAY), 7L);
    return weekday == 2 || weekday == 3 ? daily * WEEKEND : daily;
  }

  /** The wave with its noise: half a minute and a quarter of an hour long. */
  double rate(long nanos) {
    double noise =
        0.06 * Hashing.smooth(seed, nanos, 30 * SECOND)
            + 0.06 * Hashing.smooth(seed + 1, nanos, 900 * SECOND);
    return wave(nanos) * Math.exp(noise);
  }

  /** How much slower work is under that traffic. */
  double slowness(long nanos) {
    return 1 + SLOWER_AT_PEAK * (wave(nanos) - 1);
  }
}
