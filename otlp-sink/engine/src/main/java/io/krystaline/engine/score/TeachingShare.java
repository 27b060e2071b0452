package io.krystaline.engine.score;

import static io.krystaline.engine.score.OperationTable.TAUGHT;

/**
 * Which spans of an operation teach its baseline: of each hour the first {@value #ALL_UNTIL} of a
 * thread, then one in {@value #TIMES}, which counts for as many. Which one that is, a hash of its
 * span id says, so nothing about its duration does, and a repeated span is chosen again.
 *
 * <p>So counts and means stay unbiased, and what a baseline says of the thousandth longest span
 * rests on at least 65 of them; beyond that more of the same would only cost: a look-up of whether
 * the span came before, and its part of a lesson. It depends on the spans and their order only, not
 * on the clock or on how they are cut into batches.
 */
final class TeachingShare {
  /** So many spans of an operation in an hour teach each. */
  static final int ALL_UNTIL = 1 << 16;

  /** Of what comes then one in so many teaches, and counts so many times; a power of two. */
  static final int TIMES = 8;

  private static final long MIX = 0x9E3779B97F4A7C15L;
  private static final int HASH_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(TIMES);
  private static final long COUNT_MASK = 0xFFFF_FFFFL;

  private TeachingShare() {}

  /**
   * How many spans the next span of a cell stands for: 1, {@link #TIMES}, or 0 where it teaches
   * nothing. Counts it.
   *
   * @param epochHour the hour in which it started
   */
  static int times(long[] cells, int cell, long epochHour, long spanId) {
    long before = cells[cell + TAUGHT];
    if (before >>> 32 != epochHour) {
      before = epochHour << 32;
    }
    if ((before & COUNT_MASK) < ALL_UNTIL) {
      cells[cell + TAUGHT] = before + 1;
      return 1;
    }
    return (spanId * MIX) >>> HASH_SHIFT == 0 ? TIMES : 0;
  }
}
