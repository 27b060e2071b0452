package io.krystaline.engine.release;

import java.util.Arrays;

/**
 * How many spans were compared, and how many of them were beyond by each measure: in this tick, in
 * this minute and the one before, and over minutes that were normal. Owned by one thread.
 */
final class MinuteCounts {
  private static final int SIZE = Measure.COUNT + 1;

  /** Of the tick, or the turn of some: all spans, then those beyond by {@link Measure}. */
  final long[] tick = new long[SIZE];

  private final long[] minute = new long[SIZE];
  private final long[] minuteBefore = new long[SIZE];
  private ShareHistory history = new ShareHistory();

  /** Counts a span; whether it is far beyond, or failed. */
  boolean add(boolean overMedian, boolean overTail, boolean failed) {
    tick[0]++;
    if (overMedian) {
      tick[1]++;
    }
    if (overTail) {
      tick[2]++;
    }
    if (failed) {
      tick[3]++;
    }
    return overTail || failed;
  }

  void closeTick() {
    for (int i = 0; i < SIZE; i++) {
      minute[i] += tick[i];
      tick[i] = 0;
    }
  }

  void closeMinute(boolean learn, double decay) {
    if (learn) {
      history.learn(minuteBefore, decay);
    }
    System.arraycopy(minute, 0, minuteBefore, 0, SIZE);
    Arrays.fill(minute, 0);
  }

  /** See {@link ShareHistory#bound}. */
  double bound(Measure measure) {
    return history.bound(measure);
  }

  void restart() {
    endStream();
    history = new ShareHistory();
  }

  void endStream() {
    Arrays.fill(tick, 0);
    Arrays.fill(minute, 0);
    Arrays.fill(minuteBefore, 0);
  }
}
