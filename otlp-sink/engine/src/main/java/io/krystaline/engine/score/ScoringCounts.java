package io.krystaline.engine.score;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one scorer has counted since it was made. Written by the scorer's thread after each batch,
 * read by any.
 */
public final class ScoringCounts {
  private static final int COUNTERS = ScoringCounter.values().length;
  private static final int LEVELS = Severity.values().length;

  private final long[] running = new long[COUNTERS + LEVELS];
  private final AtomicLongArray published = new AtomicLongArray(COUNTERS + LEVELS);

  ScoringCounts() {}

  /** The count of one kind. */
  public long count(ScoringCounter counter) {
    return published.get(counter.ordinal());
  }

  /** How many spans were of a severity, recorded or not. */
  public long marks(Severity severity) {
    return published.get(COUNTERS + severity.ordinal());
  }

  void add(ScoringCounter counter, long count) {
    running[counter.ordinal()] += count;
  }

  void addMark(int level) {
    running[COUNTERS + level - 1]++;
  }

  void publish() {
    for (int i = 0; i < running.length; i++) {
      published.setRelease(i, running[i]);
    }
  }
}
