package io.krystaline.engine.assemble;

import java.util.Arrays;

/**
 * The traces that are held, found by trace id: rows of six words that are read together, buckets
 * with chains, a free list. Owned by one thread.
 */
final class TraceTable {
  static final int NONE = -1;

  /** The tick of what has not been. */
  static final long NEVER = Long.MIN_VALUE;

  // The words of a row.
  private static final int LOW = 0;
  private static final int HIGH = 1;

  /** The first span, and in the high half the number of spans. */
  private static final int SPANS = 2;

  private static final int NOTED_TICK = 3;
  private static final int JUDGED_TICK = 4;

  /** The next of the bucket or of the free list, and in the high half the flags. */
  private static final int NEXT = 5;

  private static final int WORDS = 6;

  // The flags of a row.
  private static final long ROOTED = 1L << 32;
  private static final long BROKEN = 1L << 33;
  private static final long EXPIRING = 1L << 34;
  private static final long SETTLED = 1L << 35;
  private static final long PRODUCING = 1L << 36;

  private static final long LOW_HALF = 0xFFFF_FFFFL;
  private static final int INITIAL_ROWS = 1_024;

  private final long hashSeed;
  private int rows;
  private int rowsRoom = INITIAL_ROWS;
  private int free = NONE;
  private int used;
  private int[] buckets = new int[INITIAL_ROWS * 2];
  private long[] words = new long[INITIAL_ROWS * WORDS];

  TraceTable(long hashSeed) {
    this.hashSeed = hashSeed;
    Arrays.fill(buckets, NONE);
  }

  /** A well-mixed hash of a trace id, the same for every process. */
  static long hash(long high, long low, long seed) {
    long mixed = (high ^ seed) * 0x9E3779B97F4A7C15L + low;
    mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
    return mixed ^ (mixed >>> 32);
  }

  int find(long traceHigh, long traceLow) {
    int row = buckets[bucket(traceHigh, traceLow)];
    while (row != NONE) {
      int at = row * WORDS;
      if (words[at + LOW] == traceLow && words[at + HIGH] == traceHigh) {
        return row;
      }
      row = (int) words[at + NEXT];
    }
    return NONE;
  }

  /** Adds a trace that is not there. */
  int add(long traceHigh, long traceLow) {
    if (free == NONE && rows == rowsRoom) {
      grow();
    }
    int row;
    if (free == NONE) {
      row = rows++;
    } else {
      row = free;
      free = next(row);
    }
    used++;
    int at = row * WORDS;
    words[at + LOW] = traceLow;
    words[at + HIGH] = traceHigh;
    words[at + SPANS] = spansWord(SpanTable.NONE, 0);
    words[at + NOTED_TICK] = NEVER;
    words[at + JUDGED_TICK] = NEVER;
    words[at + NEXT] = 0;
    int bucket = bucket(traceHigh, traceLow);
    next(row, buckets[bucket]);
    buckets[bucket] = row;
    return row;
  }

  /** Begins a trace anew with some of its spans. */
  void restart(int row, int first, int count) {
    words[row * WORDS + SPANS] = spansWord(first, count);
    clear(row, EXPIRING | ROOTED | SETTLED | PRODUCING);
  }

  void remove(int row) {
    int bucket = bucket(high(row), low(row));
    int before = NONE;
    int at = buckets[bucket];
    while (at != row) {
      before = at;
      at = next(at);
    }
    if (before == NONE) {
      buckets[bucket] = next(row);
    } else {
      next(before, next(row));
    }
    next(row, free);
    free = row;
    used--;
  }

  int used() {
    return used;
  }

  long high(int row) {
    return words[row * WORDS + HIGH];
  }

  long low(int row) {
    return words[row * WORDS + LOW];
  }

  /** The first of its spans, linked by {@link SpanTable#next}. */
  int firstSpan(int row) {
    return (int) words[row * WORDS + SPANS];
  }

  /** How many spans it has. */
  int spans(int row) {
    return (int) (words[row * WORDS + SPANS] >>> 32);
  }

  /** Puts a span before its others; what was settled is not any more. */
  void addSpan(int row, int span) {
    words[row * WORDS + SPANS] = spansWord(span, spans(row) + 1);
    clear(row, SETTLED);
  }

  /**
   * Notes that a span of it ends in a tick.
   *
   * @return whether the last one noted ended in another
   */
  boolean noteTick(int row, long tick) {
    boolean other = words[row * WORDS + NOTED_TICK] != tick;
    words[row * WORDS + NOTED_TICK] = tick;
    return other;
  }

  /** The tick in which the trace was judged last. */
  long judgedTick(int row) {
    return words[row * WORDS + JUDGED_TICK];
  }

  void judgedTick(int row, long tick) {
    words[row * WORDS + JUDGED_TICK] = tick;
  }

  /** Whether its root was judged. */
  boolean isRooted(int row) {
    return is(row, ROOTED);
  }

  void root(int row) {
    set(row, ROOTED);
  }

  /** Whether spans of it were left out, so that it must not be judged. */
  boolean isBroken(int row) {
    return is(row, BROKEN);
  }

  void breakUp(int row) {
    set(row, BROKEN);
  }

  /** Whether it stands in the list of what may expire in a tick. */
  boolean isExpiring(int row) {
    return is(row, EXPIRING);
  }

  void expiring(int row) {
    set(row, EXPIRING);
  }

  /**
   * Whether all its spans were judged with the tick in which it was judged last, none of them
   * repeated, and none came since. Its spans are then linked in the order of their ids.
   */
  boolean isSettled(int row) {
    return is(row, SETTLED);
  }

  /**
   * Notes that all spans were judged.
   *
   * @param first the first of them in the order of their ids
   * @param producing whether a producer span waits for its consumer
   */
  void settle(int row, int first, boolean producing) {
    words[row * WORDS + SPANS] = spansWord(first, spans(row));
    clear(row, PRODUCING);
    set(row, producing ? SETTLED | PRODUCING : SETTLED);
  }

  /** Whether a producer span waited for its consumer when the trace was settled. */
  boolean isProducing(int row) {
    return is(row, PRODUCING);
  }

  /** Marks as broken every trace whose hash, as an unsigned number, is above a limit. */
  void breakAbove(long limit) {
    for (int row : above(limit)) {
      breakUp(row);
    }
  }

  /** The rows of the traces that a {@link TraceLimit} does not keep. */
  int[] above(long limit) {
    int[] found = new int[used];
    int count = 0;
    for (int first : buckets) {
      for (int row = first; row != NONE; row = next(row)) {
        if (!TraceLimit.isKept(high(row), low(row), limit)) {
          found[count++] = row;
        }
      }
    }
    return Arrays.copyOf(found, count);
  }

  private int next(int row) {
    return (int) words[row * WORDS + NEXT];
  }

  private void next(int row, int next) {
    int at = row * WORDS + NEXT;
    words[at] = (words[at] & ~LOW_HALF) | (next & LOW_HALF);
  }

  private boolean is(int row, long flag) {
    return (words[row * WORDS + NEXT] & flag) != 0;
  }

  private void set(int row, long flags) {
    words[row * WORDS + NEXT] |= flags;
  }

  private void clear(int row, long flags) {
    words[row * WORDS + NEXT] &= ~flags;
  }

  private static long spansWord(int first, int count) {
    return ((long) count << 32) | (first & LOW_HALF);
  }

  private int bucket(long traceHigh, long traceLow) {
    return (int) hash(traceHigh, traceLow, hashSeed) & (buckets.length - 1);
  }

  private void grow() {
    rowsRoom = rows * 2;
    words = Arrays.copyOf(words, rowsRoom * WORDS);
    buckets = new int[rowsRoom * 2];
    Arrays.fill(buckets, NONE);
    for (int row = 0; row < rows; row++) {
      int bucket = bucket(high(row), low(row));
      next(row, buckets[bucket]);
      buckets[bucket] = row;
    }
  }
}
