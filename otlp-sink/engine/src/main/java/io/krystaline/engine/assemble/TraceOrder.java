package io.krystaline.engine.assemble;

import java.util.Arrays;

/**
 * Sorts traces by their ids: by the upper half of the low part at once, and where that is the same
 * by heapsort, so that ids made on purpose are no bad case. Owned by one thread.
 */
final class TraceOrder {
  private static final long UPPER_HALF = 0xFFFF_FFFF_0000_0000L;

  private final TraceTable traces;

  /** The upper half of the low part, and the position of the trace in the lower half. */
  private long[] keys = new long[256];

  private int[] copy = new int[256];

  TraceOrder(TraceTable traces) {
    this.traces = traces;
  }

  /** Sorts the first so many traces in place. */
  void sort(int[] rows, int count) {
    if (count > keys.length) {
      keys = new long[Math.max(count, keys.length * 2)];
      copy = new int[keys.length];
    }
    for (int i = 0; i < count; i++) {
      keys[i] = (traces.low(rows[i]) & UPPER_HALF) | i;
    }
    Arrays.sort(keys, 0, count);
    System.arraycopy(rows, 0, copy, 0, count);
    int from = 0;
    for (int i = 0; i < count; i++) {
      rows[i] = copy[(int) keys[i]];
      if ((keys[i] & UPPER_HALF) != (keys[from] & UPPER_HALF)) {
        heapsort(rows, from, i - from);
        from = i;
      }
    }
    heapsort(rows, from, count - from);
  }

  private void heapsort(int[] rows, int from, int count) {
    if (count < 2) {
      return;
    }
    for (int at = count / 2 - 1; at >= 0; at--) {
      sink(rows, from, at, count);
    }
    for (int last = count - 1; last > 0; last--) {
      int greatest = rows[from];
      rows[from] = rows[from + last];
      rows[from + last] = greatest;
      sink(rows, from, 0, last);
    }
  }

  private void sink(int[] rows, int from, int start, int count) {
    int at = start;
    int row = rows[from + at];
    while (true) {
      int child = at * 2 + 1;
      if (child >= count) {
        break;
      }
      if (child + 1 < count && isBefore(rows[from + child], rows[from + child + 1])) {
        child++;
      }
      if (!isBefore(row, rows[from + child])) {
        break;
      }
      rows[from + at] = rows[from + child];
      at = child;
    }
    rows[from + at] = row;
  }

  private boolean isBefore(int one, int other) {
    long oneLow = traces.low(one);
    long otherLow = traces.low(other);
    return oneLow != otherLow ? oneLow < otherLow : traces.high(one) < traces.high(other);
  }
}
