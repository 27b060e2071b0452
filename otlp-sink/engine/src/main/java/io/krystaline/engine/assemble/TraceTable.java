package io.krystaline.engine.assemble;

import java.util.Arrays;

/**
 * The traces that are held, found by trace id: columns, buckets with chains, a free list. Owned by
 * one thread.
 */
final class TraceTable {
  static final int NONE = -1;

  /** The tick of what is not to happen. */
  static final long NEVER = Long.MIN_VALUE;

  private static final int INITIAL_ROWS = 1_024;

  private final long hashSeed;
  private int rows;
  private int free = NONE;
  private int used;
  private int[] buckets = new int[INITIAL_ROWS * 2];

  long[] high = new long[INITIAL_ROWS];
  long[] low = new long[INITIAL_ROWS];
  int[] firstSpan = new int[INITIAL_ROWS];
  int[] spans = new int[INITIAL_ROWS];

  /** The tick in whose list of expiries the trace stands; NEVER before it was first judged. */
  long[] expiryTick = new long[INITIAL_ROWS];

  /** The next trace in that list. */
  int[] nextOfExpiry = new int[INITIAL_ROWS];

  /** The tick in which the trace was judged last. */
  long[] judgedTick = new long[INITIAL_ROWS];

  boolean[] rooted = new boolean[INITIAL_ROWS];

  /** Whether spans of it were left out, so that it must not be judged. */
  boolean[] broken = new boolean[INITIAL_ROWS];

  private int[] nextOfBucket = new int[INITIAL_ROWS];

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
    while (row != NONE && (low[row] != traceLow || high[row] != traceHigh)) {
      row = nextOfBucket[row];
    }
    return row;
  }

  /** Adds a trace that is not there. */
  int add(long traceHigh, long traceLow) {
    if (free == NONE && rows == high.length) {
      grow();
    }
    int row;
    if (free == NONE) {
      row = rows++;
    } else {
      row = free;
      free = nextOfBucket[row];
    }
    used++;
    high[row] = traceHigh;
    low[row] = traceLow;
    firstSpan[row] = SpanTable.NONE;
    spans[row] = 0;
    expiryTick[row] = NEVER;
    judgedTick[row] = NEVER;
    rooted[row] = false;
    broken[row] = false;
    int bucket = bucket(traceHigh, traceLow);
    nextOfBucket[row] = buckets[bucket];
    buckets[bucket] = row;
    return row;
  }

  /** Begins a trace anew with some of its spans. */
  void restart(int row, int first, int count) {
    firstSpan[row] = first;
    spans[row] = count;
    expiryTick[row] = NEVER;
    rooted[row] = false;
  }

  void remove(int row) {
    int bucket = bucket(high[row], low[row]);
    int before = NONE;
    int at = buckets[bucket];
    while (at != row) {
      before = at;
      at = nextOfBucket[at];
    }
    if (before == NONE) {
      buckets[bucket] = nextOfBucket[row];
    } else {
      nextOfBucket[before] = nextOfBucket[row];
    }
    nextOfBucket[row] = free;
    free = row;
    used--;
  }

  int used() {
    return used;
  }

  /** Marks as broken every trace whose hash, as an unsigned number, is above a limit. */
  void breakAbove(long limit) {
    for (int row : above(limit)) {
      broken[row] = true;
    }
  }

  /** The rows of the traces whose hash, as an unsigned number, is above a limit. */
  int[] above(long limit) {
    int[] found = new int[used];
    int count = 0;
    for (int first : buckets) {
      for (int row = first; row != NONE; row = nextOfBucket[row]) {
        if (Long.compareUnsigned(hash(high[row], low[row], 0), limit) > 0) {
          found[count++] = row;
        }
      }
    }
    return Arrays.copyOf(found, count);
  }

  private int bucket(long traceHigh, long traceLow) {
    return (int) hash(traceHigh, traceLow, hashSeed) & (buckets.length - 1);
  }

  private void grow() {
    int size = rows * 2;
    high = Arrays.copyOf(high, size);
    low = Arrays.copyOf(low, size);
    firstSpan = Arrays.copyOf(firstSpan, size);
    spans = Arrays.copyOf(spans, size);
    expiryTick = Arrays.copyOf(expiryTick, size);
    nextOfExpiry = Arrays.copyOf(nextOfExpiry, size);
    judgedTick = Arrays.copyOf(judgedTick, size);
    rooted = Arrays.copyOf(rooted, size);
    broken = Arrays.copyOf(broken, size);
    nextOfBucket = Arrays.copyOf(nextOfBucket, size);
    buckets = new int[size * 2];
    Arrays.fill(buckets, NONE);
    for (int row = 0; row < rows; row++) {
      int bucket = bucket(high[row], low[row]);
      nextOfBucket[row] = buckets[bucket];
      buckets[bucket] = row;
    }
  }
}
