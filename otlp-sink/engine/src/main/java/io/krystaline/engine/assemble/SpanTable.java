package io.krystaline.engine.assemble;

import java.util.Arrays;

/**
 * The spans that are held; a span is a row number. What is read of a span stands together, 48 bytes
 * a row, in blocks that never move: a table grows by a block at a time, up to its limit. Owned by
 * one thread.
 *
 * <p>Free rows are listed apart: to take one needs no look at it, which would miss the cache.
 */
final class SpanTable {
  static final int NONE = -1;

  /** The id of a dead row: its span id came before. */
  static final long REPEATED = 0;

  // The words of a row.
  static final int ID = 0;
  static final int PARENT = 1;
  static final int START = 2;
  static final int END = 3;

  /** Operation, release, kind and status; see {@link #operationOf} and the others. */
  static final int TRAITS = 4;

  /** The next span of the same trace, in the low half. */
  static final int NEXT = 5;

  private static final int WORDS = 6;
  private static final int BLOCK_BITS = 12;
  private static final int BLOCK_ROWS = 1 << BLOCK_BITS;
  private static final long ORPHAN = 1L << 32;
  private static final long LOW_HALF = 0xFFFF_FFFFL;

  private final int rowsMax;
  private long[][] blocks = new long[8][];
  private int rows;
  private int[] free = new int[BLOCK_ROWS];
  private int freeRows;

  SpanTable(int rowsMax) {
    this.rowsMax = rowsMax;
  }

  /** A row to fill, or {@link #NONE} when the table is full. */
  int take() {
    if (freeRows > 0) {
      return free[--freeRows];
    }
    if (rows == rowsMax) {
      return NONE;
    }
    if ((rows & (BLOCK_ROWS - 1)) == 0) {
      grow();
    }
    return rows++;
  }

  void release(int row) {
    if (freeRows == free.length) {
      free = Arrays.copyOf(free, freeRows * 2);
    }
    free[freeRows++] = row;
  }

  int used() {
    return rows - freeRows;
  }

  /**
   * Looks at all rows that are linked from some first rows, one of each in turn. Rows of a trace
   * lie anywhere, and where the next one lies is known only from the last; so the processor waits
   * for the rows of many traces at a time, and not for one after the other when they are used.
   *
   * @param next the first rows; {@link #NONE} afterwards
   */
  void fetch(int[] next, int count) {
    int linked;
    do {
      linked = 0;
      for (int i = 0; i < count; i++) {
        int row = next[i];
        if (row != NONE) {
          next[i] = next(row);
          linked++;
        }
      }
    } while (linked > 0);
  }

  /** Fills a row. */
  void fill(int row, long spanId, long parentSpanId, long startNanos, long endNanos, long traits) {
    long[] block = block(row);
    int at = offset(row);
    block[at + ID] = spanId;
    block[at + PARENT] = parentSpanId;
    block[at + START] = startNanos;
    block[at + END] = endNanos;
    block[at + TRAITS] = traits;
  }

  /** The block in which a row stands, from {@link #offset} on. */
  long[] block(int row) {
    return blocks[row >>> BLOCK_BITS];
  }

  /** Where a row begins in its block. */
  static int offset(int row) {
    return (row & (BLOCK_ROWS - 1)) * WORDS;
  }

  long spanId(int row) {
    return block(row)[offset(row) + ID];
  }

  long parentSpanId(int row) {
    return block(row)[offset(row) + PARENT];
  }

  long endNanos(int row) {
    return block(row)[offset(row) + END];
  }

  /** Marks a row as dead. */
  void repeated(int row) {
    block(row)[offset(row) + ID] = REPEATED;
  }

  int next(int row) {
    return (int) block(row)[offset(row) + NEXT];
  }

  void next(int row, int next) {
    block(row)[offset(row) + NEXT] = next & LOW_HALF;
  }

  /** Links a row, and notes whether its parent is missing. */
  void next(int row, int next, boolean orphan) {
    block(row)[offset(row) + NEXT] = (next & LOW_HALF) | (orphan ? ORPHAN : 0);
  }

  /** Whether a row's parent was noted as missing when it was linked. */
  static boolean isOrphan(long nextWord) {
    return (nextWord & ORPHAN) != 0;
  }

  /** The word of a span's traits. */
  static long traits(int operation, int kind, int status, int release) {
    return ((long) operation << 32)
        | ((release & 0xFFFFL) << 16)
        | ((kind & 0xFFL) << 8)
        | (status & 0xFFL);
  }

  static int operationOf(long traits) {
    return (int) (traits >>> 32);
  }

  static int releaseOf(long traits) {
    return (int) (traits >>> 16) & 0xFFFF;
  }

  static int kindOf(long traits) {
    return (int) (traits >>> 8) & 0xFF;
  }

  static int statusOf(long traits) {
    return (int) traits & 0xFF;
  }

  private void grow() {
    int block = rows >>> BLOCK_BITS;
    if (block == blocks.length) {
      blocks = Arrays.copyOf(blocks, block * 2);
    }
    blocks[block] = new long[Math.min(BLOCK_ROWS, rowsMax - rows) * WORDS];
  }
}
