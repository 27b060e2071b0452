package io.krystaline.engine.assemble;

import java.util.Arrays;

/**
 * The spans that are held, as columns with a free list; a span is a row number. Grows by doubling
 * up to its limit. Owned by one thread.
 */
final class SpanTable {
  static final int NONE = -1;
  private static final int INITIAL_ROWS = 4_096;

  private final int rowsMax;
  private int rows;
  private int free = NONE;
  private int used;

  long[] spanId = new long[INITIAL_ROWS];
  long[] parentSpanId = new long[INITIAL_ROWS];
  long[] startNanos = new long[INITIAL_ROWS];
  long[] endNanos = new long[INITIAL_ROWS];
  int[] operation = new int[INITIAL_ROWS];
  int[] trace = new int[INITIAL_ROWS];

  /** The next span of the same trace, or of the free list. */
  int[] nextOfTrace = new int[INITIAL_ROWS];

  /** The next span that ends in the same tick. */
  int[] nextOfTick = new int[INITIAL_ROWS];

  byte[] kind = new byte[INITIAL_ROWS];
  byte[] status = new byte[INITIAL_ROWS];

  /** The release that the span is from, 0 where it is not known. */
  char[] release = new char[INITIAL_ROWS];

  SpanTable(int rowsMax) {
    this.rowsMax = rowsMax;
  }

  /** A row to fill, or {@link #NONE} when the table is full. */
  int take() {
    if (free != NONE) {
      int row = free;
      free = nextOfTrace[row];
      used++;
      return row;
    }
    if (rows == rowsMax) {
      return NONE;
    }
    if (rows == spanId.length) {
      grow();
    }
    used++;
    return rows++;
  }

  void release(int row) {
    nextOfTrace[row] = free;
    free = row;
    used--;
  }

  int used() {
    return used;
  }

  private void grow() {
    int size = (int) Math.min(rowsMax, rows * 2L);
    spanId = Arrays.copyOf(spanId, size);
    parentSpanId = Arrays.copyOf(parentSpanId, size);
    startNanos = Arrays.copyOf(startNanos, size);
    endNanos = Arrays.copyOf(endNanos, size);
    operation = Arrays.copyOf(operation, size);
    trace = Arrays.copyOf(trace, size);
    nextOfTrace = Arrays.copyOf(nextOfTrace, size);
    nextOfTick = Arrays.copyOf(nextOfTick, size);
    kind = Arrays.copyOf(kind, size);
    status = Arrays.copyOf(status, size);
    release = Arrays.copyOf(release, size);
  }
}
