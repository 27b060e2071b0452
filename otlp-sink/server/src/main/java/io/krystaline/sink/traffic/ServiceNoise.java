package io.krystaline.sink.traffic;

import java.util.Arrays;

/**
 * What slows all work of one service at the same time in normal operation, a function of the time:
 *
 * <ul>
 *   <li>pauses, as of a garbage collector: 0 to 2 a minute of 20 to 250 ms;
 *   <li>bursts: in one minute of twelve, 0.5 to 3 s in which work takes 1.3 to 2.5 times as long;
 *   <li>drift: some percent, over seconds and over quarters of an hour.
 * </ul>
 *
 * <p>Owned by one thread.
 */
final class ServiceNoise {
  private static final long SECOND = Season.SECOND;
  private static final long MINUTE = 60 * SECOND;
  private static final int PAUSES_MAX = 2;

  /** So many minutes are kept, as traces overlap. */
  private static final int SLOTS = 4;

  private final long seed;
  private final long[] minuteOfSlot = new long[SLOTS];
  private final long[][] pauseStart = new long[SLOTS][PAUSES_MAX];
  private final long[][] pauseEnd = new long[SLOTS][PAUSES_MAX];
  private final long[] burstStart = new long[SLOTS];
  private final long[] burstEnd = new long[SLOTS];
  private final double[] burstFactor = new double[SLOTS];
  private long driftSecond = Long.MIN_VALUE;
  private double drift = 1;

  ServiceNoise(long seed, int service) {
    this.seed = Hashing.mix(seed, 3, service);
    Arrays.fill(minuteOfSlot, Long.MIN_VALUE);
  }

  /** When work of this length is done that begins then, pauses included. */
  long endOfWork(long startNanos, long workNanos) {
    int slot = slot(startNanos);
    long end = startNanos + workNanos;
    for (int i = 0; i < PAUSES_MAX; i++) {
      long from = pauseStart[slot][i];
      long until = pauseEnd[slot][i];
      if (from < end && startNanos < until) {
        end += until - Math.max(from, startNanos);
      }
    }
    return end;
  }

  /** How much longer work takes that begins then. */
  double slowness(long nanos) {
    long second = Math.floorDiv(nanos, SECOND);
    if (second != driftSecond) {
      driftSecond = second;
      drift =
          Math.exp(
              0.04 * Hashing.smooth(seed + 1, nanos, 5 * SECOND)
                  + 0.05 * Hashing.smooth(seed + 2, nanos, 900 * SECOND));
    }
    int slot = slot(nanos);
    boolean burst = burstStart[slot] <= nanos && nanos < burstEnd[slot];
    return burst ? drift * burstFactor[slot] : drift;
  }

  private int slot(long nanos) {
    long minute = Math.floorDiv(nanos, MINUTE);
    int slot = (int) Math.floorMod(minute, (long) SLOTS);
    if (minuteOfSlot[slot] != minute) {
      minuteOfSlot[slot] = minute;
      draw(slot, minute);
    }
    return slot;
  }

  private void draw(int slot, long minute) {
    long start = minute * MINUTE;
    for (int i = 0; i < PAUSES_MAX; i++) {
      boolean happens = Hashing.unit(Hashing.mix(seed, minute, i)) < 0.3;
      double place = Hashing.unit(Hashing.mix(seed, minute, 10 + i));
      double length = Hashing.unit(Hashing.mix(seed, minute, 20 + i));
      long from = start + (long) (place * MINUTE);
      pauseStart[slot][i] = from;
      pauseEnd[slot][i] = happens ? from + (long) (0.02 * SECOND * Math.pow(12.5, length)) : from;
    }
    boolean burst = Hashing.unit(Hashing.mix(seed, minute, 30)) < 1 / 12.0;
    double length = 0.5 + 2.5 * Hashing.unit(Hashing.mix(seed, minute, 31));
    burstStart[slot] = start + (long) (Hashing.unit(Hashing.mix(seed, minute, 32)) * 57 * SECOND);
    burstEnd[slot] = burst ? burstStart[slot] + (long) (length * SECOND) : burstStart[slot];
    burstFactor[slot] = 1.3 + 1.2 * Hashing.unit(Hashing.mix(seed, minute, 33));
  }
}
