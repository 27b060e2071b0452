package io.krystaline.engine.assemble;

import io.krystaline.engine.span.SpanKind;
import java.util.Arrays;

/**
 * The spans of one trace as a tree, for the time of one judgement: copied from the table once, so
 * that all that follows stays in the nearest cache. Reused from trace to trace; owned by one
 * thread. Positions run from 0 to {@link #size()} - 1.
 */
final class TraceTree {
  private static final int NONE = -1;
  private static final int POSITION_BITS = 16;
  private static final int POSITION_MASK = (1 << POSITION_BITS) - 1;
  private static final int UNSPECIFIED = SpanKind.UNSPECIFIED.ordinal();
  private static final int CLIENT = SpanKind.CLIENT.ordinal();
  private static final int PRODUCER = SpanKind.PRODUCER.ordinal();
  private static final int CONSUMER = SpanKind.CONSUMER.ordinal();
  private static final int FAILED = 2;

  /** Up to so many are sorted by insertion. */
  private static final int FEW = 40;

  private final SpanTable spans;
  private final OperationIndex operations;
  private final SpanIds ids = new SpanIds();
  private int size;
  private boolean whole;
  private long latestEndNanos;
  private long duplicates;

  // By position.
  private int[] rows = new int[64];
  private long[] parentIds = new long[64];
  private long[] starts = new long[64];
  private long[] ends = new long[64];
  private long[] traits = new long[64];
  private int[] parent = new int[64];
  private int[] firstChild = new int[64];
  private int[] nextSibling = new int[64];

  private long[] byStart = new long[16];

  TraceTree(SpanTable spans, OperationIndex operations) {
    this.spans = spans;
    this.operations = operations;
  }

  /** Takes in the spans from a first row on that end before a limit. */
  void gather(int firstRow, long endBeforeNanos) {
    size = 0;
    ids.clear();
    whole = true;
    latestEndNanos = Long.MIN_VALUE;
    int row = firstRow;
    while (row != SpanTable.NONE) {
      long[] block = spans.block(row);
      int at = SpanTable.offset(row);
      long id = block[at + SpanTable.ID];
      long end = block[at + SpanTable.END];
      if (id == SpanTable.REPEATED || end >= endBeforeNanos) {
        whole = false;
      } else {
        if (size == rows.length) {
          grow();
        }
        rows[size] = row;
        ids.add(id);
        parentIds[size] = block[at + SpanTable.PARENT];
        starts[size] = block[at + SpanTable.START];
        ends[size] = end;
        traits[size++] = block[at + SpanTable.TRAITS];
        latestEndNanos = Math.max(latestEndNanos, end);
      }
      row = (int) block[at + SpanTable.NEXT];
    }
    index();
    link();
  }

  int size() {
    return size;
  }

  /** Whether all spans of the trace were gathered and none was ever repeated. */
  boolean isWhole() {
    return whole;
  }

  /** The latest end among them. */
  long latestEndNanos() {
    return latestEndNanos;
  }

  /**
   * Orders the spans by their ids, so that the order of arrival is no matter; repeated ones are
   * left out.
   *
   * @return how many there are, to be read by {@link #ordered}
   */
  int order() {
    return ids.order();
  }

  /** The position of a span of that order. */
  int ordered(int index) {
    return ids.ordered(index);
  }

  /**
   * Links the spans of the trace in the order of their ids, each with whether its parent is
   * missing; for a whole trace that was ordered.
   *
   * @return the first
   */
  int relink() {
    int next = SpanTable.NONE;
    for (int i = size - 1; i >= 0; i--) {
      int position = ids.ordered(i);
      spans.next(rows[position], next, isOrphan(position));
      next = rows[position];
    }
    return next;
  }

  int row(int position) {
    return rows[position];
  }

  /** Whether the position is the first span of its id; a repeated one is dead from now on. */
  boolean isFirst(int position) {
    return ids.isAlive(position);
  }

  /** The position of a span's parent, -1 where it is not among the gathered spans. */
  int parent(int position) {
    return parent[position];
  }

  /** Whether a span names a parent that is not among the gathered spans. */
  boolean isOrphan(int position) {
    return parentIds[position] != 0 && parent[position] == NONE;
  }

  int operation(int position) {
    return SpanTable.operationOf(traits[position]);
  }

  long endNanos(int position) {
    return ends[position];
  }

  /** How many repeated spans were found, over all traces. */
  long duplicates() {
    return duplicates;
  }

  /** Whether a producer span waits for its consumer. */
  boolean hasOpenProducer() {
    for (int position = 0; position < size; position++) {
      if (kind(position) == PRODUCER && firstChild[position] == NONE && isFirst(position)) {
        return true;
      }
    }
    return false;
  }

  /** Describes a span. */
  void describe(int position, AssembledSpan into) {
    long own = traits[position];
    into.operation = SpanTable.operationOf(own);
    into.kind = SpanTable.kindOf(own);
    into.status = SpanTable.statusOf(own);
    into.release = SpanTable.releaseOf(own);
    into.spanId = ids.get(position);
    into.startNanos = starts[position];
    into.endNanos = ends[position];
    into.root = parentIds[position] == 0;
    int above = parent[position];
    into.parent = above == NONE ? AssembledSpan.NONE : operation(above);
    into.producerDelayNanos = producerDelay(position, above);
    children(position, into);
    into.callee = callee(position);
  }

  private long producerDelay(int position, int above) {
    if (above == NONE || kind(position) != CONSUMER || kind(above) != PRODUCER) {
      return -1;
    }
    return Math.max(0, starts[position] - ends[above]);
  }

  private void children(int position, AssembledSpan into) {
    int last = firstChild[position];
    long duration = ends[position] - starts[position];
    into.children = 0;
    into.failedChildren = 0;
    into.lastChild = AssembledSpan.NONE;
    into.lastChildCallee = AssembledSpan.NONE;
    into.exclusiveNanos = duration;
    if (last == NONE) {
      return;
    }
    int count = 0;
    int failed = 0;
    for (int child = last; child != NONE; child = nextSibling[child]) {
      failed += SpanTable.statusOf(traits[child]) == FAILED ? 1 : 0;
      count++;
      // The child that started last; of several the one of the greatest id.
      if (child != last && isBefore(last, child)) {
        last = child;
      }
    }
    into.children = count;
    into.failedChildren = failed;
    into.exclusiveNanos = Math.max(0, duration - covered(position, count));
    into.lastChild = operation(last);
    into.lastChildCallee = callee(last);
  }

  /** The union of the children's times, clipped to the span's. */
  private long covered(int position, int count) {
    long start = starts[position];
    long end = ends[position];
    if (count == 1) {
      int child = firstChild[position];
      return Math.max(0, Math.min(ends[child], end) - Math.max(starts[child], start));
    }
    sortByStart(position, count);
    long covered = 0;
    long until = start;
    for (int i = 0; i < count; i++) {
      int child = (int) byStart[i] & POSITION_MASK;
      long from = Math.max(starts[child], until);
      long to = Math.min(ends[child], end);
      if (to > from) {
        covered += to - from;
        until = to;
      }
    }
    return covered;
  }

  private void sortByStart(int position, int count) {
    if (count > byStart.length) {
      byStart = new long[Math.max(count, byStart.length * 2)];
    }
    long start = starts[position];
    long length = ends[position] - start;
    int sortedUpTo = 0;
    for (int child = firstChild[position]; child != NONE; child = nextSibling[child]) {
      long after = Math.min(Math.max(starts[child] - start, 0), length);
      long key = Math.min(after, Long.MAX_VALUE >> POSITION_BITS) << POSITION_BITS | child;
      int at = sortedUpTo++;
      if (count <= FEW) {
        while (at > 0 && byStart[at - 1] > key) {
          byStart[at] = byStart[at - 1];
          at--;
        }
      }
      byStart[at] = key;
    }
    if (count > FEW) {
      Arrays.sort(byStart, 0, count);
    }
  }

  private int callee(int position) {
    int child = firstChild[position];
    if (child == NONE) {
      return AssembledSpan.NONE;
    }
    int kind = kind(position);
    boolean caller = kind == CLIENT || kind == PRODUCER;
    if (!caller && kind > UNSPECIFIED + 1) {
      return AssembledSpan.NONE;
    }
    int service = operations.serviceOf(operation(position));
    int first = NONE;
    for (; child != NONE; child = nextSibling[child]) {
      if (operations.serviceOf(operation(child)) != service) {
        if (first == NONE || isBefore(child, first)) {
          first = child;
        }
      } else if (!caller) {
        return AssembledSpan.NONE;
      }
    }
    return first == NONE ? AssembledSpan.NONE : operation(first);
  }

  private int kind(int position) {
    return SpanTable.kindOf(traits[position]);
  }

  private boolean isBefore(int one, int other) {
    return starts[one] != starts[other]
        ? starts[one] < starts[other]
        : ids.get(one) < ids.get(other);
  }

  private void index() {
    ids.beginIndex();
    for (int position = 0; position < size; position++) {
      int other = ids.claim(position);
      if (other != NONE) {
        repeated(other, position);
      }
    }
  }

  private void repeated(int one, int other) {
    duplicates++;
    whole = false;
    int keep = earlier(one, other);
    int drop = keep == one ? other : one;
    if (keep == one) {
      ids.claim(one);
    }
    ids.kill(drop);
    spans.repeated(rows[drop]);
  }

  /** Of two spans of one id the one that ends first, so that the order of arrival is no matter. */
  private int earlier(int one, int other) {
    int by = Long.compare(ends[one], ends[other]);
    if (by == 0) {
      by = Long.compare(starts[one], starts[other]);
    }
    return by <= 0 ? one : other;
  }

  private void link() {
    Arrays.fill(firstChild, 0, size, NONE);
    for (int position = 0; position < size; position++) {
      parent[position] = NONE;
      long id = parentIds[position];
      if (id == 0 || !isFirst(position)) {
        continue;
      }
      int above = ids.find(id);
      if (above != NONE && above != position) {
        parent[position] = above;
        nextSibling[position] = firstChild[above];
        firstChild[above] = position;
      }
    }
  }

  private void grow() {
    int grown = size * 2;
    rows = Arrays.copyOf(rows, grown);
    parentIds = Arrays.copyOf(parentIds, grown);
    starts = Arrays.copyOf(starts, grown);
    ends = Arrays.copyOf(ends, grown);
    traits = Arrays.copyOf(traits, grown);
    parent = Arrays.copyOf(parent, grown);
    firstChild = Arrays.copyOf(firstChild, grown);
    nextSibling = Arrays.copyOf(nextSibling, grown);
  }
}
