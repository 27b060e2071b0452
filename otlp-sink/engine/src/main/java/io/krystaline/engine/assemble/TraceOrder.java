package io.krystaline.engine.assemble;

/** Sorts traces by their ids in place (heapsort: no allocation, no bad case). */
final class TraceOrder {
  private TraceOrder() {}

  static void sort(int[] rows, int count, TraceTable traces) {
    for (int at = count / 2 - 1; at >= 0; at--) {
      sink(rows, at, count, traces);
    }
    for (int last = count - 1; last > 0; last--) {
      int greatest = rows[0];
      rows[0] = rows[last];
      rows[last] = greatest;
      sink(rows, 0, last, traces);
    }
  }

  private static void sink(int[] rows, int from, int count, TraceTable traces) {
    int at = from;
    int row = rows[at];
    while (true) {
      int child = at * 2 + 1;
      if (child >= count) {
        break;
      }
      if (child + 1 < count && isBefore(rows[child], rows[child + 1], traces)) {
        child++;
      }
      if (!isBefore(row, rows[child], traces)) {
        break;
      }
      rows[at] = rows[child];
      at = child;
    }
    rows[at] = row;
  }

  private static boolean isBefore(int one, int other, TraceTable traces) {
    return traces.low[one] != traces.low[other]
        ? traces.low[one] < traces.low[other]
        : traces.high[one] < traces.high[other];
  }
}
