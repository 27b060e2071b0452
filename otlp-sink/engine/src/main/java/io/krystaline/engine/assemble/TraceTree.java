package io.krystaline.engine.assemble;

import io.krystaline.engine.span.SpanKind;
import java.util.Arrays;

/**
 * The spans of one trace as a tree, for the time of one judgement. Reused from trace to trace;
 * owned by one thread. Positions run from 0 to {@link #size()} - 1.
 */
final class TraceTree {
  private static final int NONE = -1;
  private static final int POSITION_BITS = 16;
  private static final int UNSPECIFIED = SpanKind.UNSPECIFIED.ordinal();
  private static final int CLIENT = SpanKind.CLIENT.ordinal();
  private static final int PRODUCER = SpanKind.PRODUCER.ordinal();
  private static final int CONSUMER = SpanKind.CONSUMER.ordinal();

  /** A dead row: its span id came before. */
  static final long REPEATED = 0;

  private final SpanTable spans;
  private final OperationIndex operations;
  private int size;
  private int capacity;
  private int[] rows = new int[64];
  private int[] parent = new int[64];
  private int[] firstChild = new int[64];
  private int[] nextSibling = new int[64];
  private int[] table = new int[128];
  private long[] order = new long[16];
  private long[] ids = new long[64];
  private long latestEndNanos;
  private long duplicates;

  TraceTree(SpanTable spans, OperationIndex operations) {
    this.spans = spans;
    this.operations = operations;
  }

  /** Takes in the spans from a first row on that end before a limit. */
  void gather(int firstRow, long endBeforeNanos) {
    size = 0;
    latestEndNanos = Long.MIN_VALUE;
    for (int row = firstRow; row != SpanTable.NONE; row = spans.nextOfTrace[row]) {
      if (spans.spanId[row] != REPEATED && spans.endNanos[row] < endBeforeNanos) {
        if (size == rows.length) {
          grow();
        }
        rows[size++] = row;
        latestEndNanos = Math.max(latestEndNanos, spans.endNanos[row]);
      }
    }
    index();
    link();
  }

  int size() {
    return size;
  }

  /** The latest end among them. */
  long latestEndNanos() {
    return latestEndNanos;
  }

  /**
   * Orders the spans that end in an interval by their ids, so that the order of arrival is no
   * matter.
   *
   * @return how many there are, to be read by {@link #ordered}
   */
  int order(long fromNanos, long toNanos) {
    int count = 0;
    for (int position = 0; position < size; position++) {
      int row = rows[position];
      if (spans.spanId[row] != REPEATED
          && spans.endNanos[row] >= fromNanos
          && spans.endNanos[row] < toNanos) {
        ids[count++] = spans.spanId[row];
      }
    }
    Arrays.sort(ids, 0, count);
    return count;
  }

  /** The position of a span of that order. */
  int ordered(int index) {
    return table[find(ids[index])];
  }

  int row(int position) {
    return rows[position];
  }

  /** Whether the position is the first span of its id; a repeated one is dead from now on. */
  boolean isFirst(int position) {
    return spans.spanId[rows[position]] != REPEATED;
  }

  /** The position of a span's parent, -1 where it is not among the gathered spans. */
  int parent(int position) {
    return parent[position];
  }

  /** How many repeated spans were found, over all traces. */
  long duplicates() {
    return duplicates;
  }

  /** Whether a producer span waits for its consumer. */
  boolean hasOpenProducer() {
    for (int position = 0; position < size; position++) {
      if (isFirst(position)
          && spans.kind[rows[position]] == PRODUCER
          && firstChild[position] == NONE) {
        return true;
      }
    }
    return false;
  }

  /** Describes a span. */
  void describe(int position, AssembledSpan into) {
    int row = rows[position];
    into.operation = spans.operation[row];
    into.kind = spans.kind[row];
    into.status = spans.status[row];
    into.release = spans.release[row];
    into.spanId = spans.spanId[row];
    into.startNanos = spans.startNanos[row];
    into.endNanos = spans.endNanos[row];
    into.root = spans.parentSpanId[row] == 0;
    int above = parent[position];
    into.parent = above == NONE ? AssembledSpan.NONE : spans.operation[rows[above]];
    into.producerDelayNanos = producerDelay(row, above);
    children(position, row, into);
    into.callee = callee(position);
  }

  private long producerDelay(int row, int above) {
    if (above == NONE || spans.kind[row] != CONSUMER || spans.kind[rows[above]] != PRODUCER) {
      return -1;
    }
    return Math.max(0, spans.startNanos[row] - spans.endNanos[rows[above]]);
  }

  /** Counts the children and takes the union of their times from the span's. */
  private void children(int position, int row, AssembledSpan into) {
    int count = 0;
    int failed = 0;
    long start = spans.startNanos[row];
    long end = spans.endNanos[row];
    for (int child = firstChild[position]; child != NONE; child = nextSibling[child]) {
      if (count == order.length) {
        order = Arrays.copyOf(order, count * 2);
      }
      int childRow = rows[child];
      failed += spans.status[childRow] == 2 ? 1 : 0;
      long after = Math.min(Math.max(spans.startNanos[childRow] - start, 0), end - start);
      order[count++] = Math.min(after, Long.MAX_VALUE >> POSITION_BITS) << POSITION_BITS | child;
    }
    into.children = count;
    into.failedChildren = failed;
    into.lastChild = AssembledSpan.NONE;
    into.lastChildCallee = AssembledSpan.NONE;
    if (count == 0) {
      into.exclusiveNanos = end - start;
      return;
    }
    Arrays.sort(order, 0, count);
    long covered = 0;
    long until = start;
    for (int i = 0; i < count; i++) {
      int childRow = rows[(int) order[i] & ((1 << POSITION_BITS) - 1)];
      long from = Math.max(spans.startNanos[childRow], until);
      long to = Math.min(spans.endNanos[childRow], end);
      if (to > from) {
        covered += to - from;
        until = to;
      }
    }
    into.exclusiveNanos = Math.max(0, end - start - covered);
    int last = latest(position);
    into.lastChild = spans.operation[rows[last]];
    into.lastChildCallee = callee(last);
  }

  /** The child that started last; of several the one of the greatest id. */
  private int latest(int position) {
    int last = firstChild[position];
    for (int child = nextSibling[last]; child != NONE; child = nextSibling[child]) {
      int by = Long.compare(spans.startNanos[rows[child]], spans.startNanos[rows[last]]);
      if (by > 0 || (by == 0 && spans.spanId[rows[child]] > spans.spanId[rows[last]])) {
        last = child;
      }
    }
    return last;
  }

  private int callee(int position) {
    int row = rows[position];
    int kind = spans.kind[row];
    int service = operations.serviceOf(spans.operation[row]);
    int first = NONE;
    boolean local = false;
    for (int child = firstChild[position]; child != NONE; child = nextSibling[child]) {
      if (operations.serviceOf(spans.operation[rows[child]]) == service) {
        local = true;
      } else if (first == NONE || isBefore(child, first)) {
        first = child;
      }
    }
    boolean call = kind == CLIENT || kind == PRODUCER || (kind <= UNSPECIFIED + 1 && !local);
    return first == NONE || !call ? AssembledSpan.NONE : spans.operation[rows[first]];
  }

  private boolean isBefore(int one, int other) {
    int by = Long.compare(spans.startNanos[rows[one]], spans.startNanos[rows[other]]);
    return by < 0 || (by == 0 && spans.spanId[rows[one]] < spans.spanId[rows[other]]);
  }

  private void index() {
    capacity = Integer.highestOneBit(Math.max(8, size) * 4 - 1);
    if (table.length < capacity) {
      table = new int[capacity];
    }
    Arrays.fill(table, 0, capacity, NONE);
    for (int position = 0; position < size; position++) {
      long id = spans.spanId[rows[position]];
      int at = find(id);
      if (table[at] == NONE) {
        table[at] = position;
      } else {
        duplicates++;
        int keep = earlier(table[at], position);
        int drop = keep == position ? table[at] : position;
        table[at] = keep;
        spans.spanId[rows[drop]] = REPEATED;
      }
    }
  }

  /** Of two spans of one id the one that ends first, so that the order of arrival is no matter. */
  private int earlier(int one, int other) {
    int by = Long.compare(spans.endNanos[rows[one]], spans.endNanos[rows[other]]);
    if (by == 0) {
      by = Long.compare(spans.startNanos[rows[one]], spans.startNanos[rows[other]]);
    }
    return by <= 0 ? one : other;
  }

  private void link() {
    Arrays.fill(firstChild, 0, size, NONE);
    for (int position = 0; position < size; position++) {
      parent[position] = NONE;
      if (!isFirst(position)) {
        continue;
      }
      long id = spans.parentSpanId[rows[position]];
      if (id == 0) {
        continue;
      }
      int at = find(id);
      int above = table[at];
      if (above != NONE && above != position) {
        parent[position] = above;
        nextSibling[position] = firstChild[above];
        firstChild[above] = position;
      }
    }
  }

  /** Where a span id is in the table, or would be. */
  private int find(long id) {
    int at = (int) ((id * 0x9E3779B97F4A7C15L) >>> 40) & (capacity - 1);
    while (table[at] != NONE && spans.spanId[rows[table[at]]] != id) {
      at = (at + 1) & (capacity - 1);
    }
    return at;
  }

  private void grow() {
    int grown = size * 2;
    rows = Arrays.copyOf(rows, grown);
    ids = Arrays.copyOf(ids, grown);
    parent = Arrays.copyOf(parent, grown);
    firstChild = Arrays.copyOf(firstChild, grown);
    nextSibling = Arrays.copyOf(nextSibling, grown);
  }
}
