package io.krystaline.engine.assemble;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Where the time of a trace went: each span's exclusive time, and its part of the critical path.
 *
 * <p>The exclusive time is what no child covers: duration less the union of the children within it.
 *
 * <p>The critical path is walked backwards from a root's end: time belongs to the child that ended
 * last before the moment that was reached, and to the span itself where no child was running. A
 * child that ran beside a later one did not delay its parent, and has no part. The parts of all
 * spans under a root add up to the root's duration. (The definition is that of Zhang et al.,
 * "CRISP: Critical Path Analysis of Large-Scale Microservice Architectures", USENIX ATC 2022.)
 *
 * <p>Not for the hot path: for traces that somebody looks at. {@code O(n log n)} for n spans.
 */
public final class TraceTimes {
  private static final int NONE = -1;

  /** A span on the path, between two moments. */
  private record Step(int span, long fromNanos, long untilNanos) {}

  private final long[] startNanos;
  private final long[] endNanos;
  private final List<List<Integer>> children = new ArrayList<>();
  private final long[] exclusive;
  private final long[] critical;

  /**
   * The times of a trace.
   *
   * @param startNanos start of each span
   * @param endNanos its end, not before its start
   * @param parent the position of its parent, or -1; a cycle of parents has no part of any path
   * @throws IllegalArgumentException if the arrays are not of one length, a parent is no position,
   *     or a span ends before it starts
   */
  public TraceTimes(long[] startNanos, long[] endNanos, int[] parent) {
    int size = startNanos.length;
    if (endNanos.length != size || parent.length != size) {
      throw new IllegalArgumentException("each span has a start, an end and a parent");
    }
    this.startNanos = startNanos.clone();
    this.endNanos = endNanos.clone();
    this.exclusive = new long[size];
    this.critical = new long[size];
    for (int span = 0; span < size; span++) {
      children.add(new ArrayList<>());
      if (endNanos[span] < startNanos[span]) {
        throw new IllegalArgumentException("span " + span + " ends before it starts");
      }
    }
    for (int span = 0; span < size; span++) {
      if (parent[span] < NONE || parent[span] >= size) {
        throw new IllegalArgumentException("span " + span + " has the parent " + parent[span]);
      }
      if (parent[span] != NONE) {
        children.get(parent[span]).add(span);
      }
    }
    Comparator<Integer> byEnd = Comparator.comparingLong(child -> this.endNanos[child]);
    children.forEach(list -> list.sort(byEnd.reversed().thenComparing(child -> child)));
    for (int span = 0; span < size; span++) {
      exclusive[span] = endNanos[span] - startNanos[span] - covered(span);
      if (parent[span] == NONE) {
        walk(span);
      }
    }
  }

  /** The span's time that no child covers, in nanoseconds, 0 or more. */
  public long exclusiveNanos(int span) {
    return exclusive[span];
  }

  /** The span's own part of the critical path, in nanoseconds, 0 or more. */
  public long criticalNanos(int span) {
    return critical[span];
  }

  /**
   * The union of the children's times within the span; children are sorted by end, latest first.
   */
  private long covered(int span) {
    long covered = 0;
    long from = endNanos[span];
    for (int child : children.get(span)) {
      long end = Math.min(endNanos[child], from);
      long start = Math.max(startNanos[child], startNanos[span]);
      if (end > start) {
        covered += end - start;
        from = start;
      }
    }
    return covered;
  }

  private void walk(int root) {
    Deque<Step> steps = new ArrayDeque<>();
    steps.push(new Step(root, startNanos[root], endNanos[root]));
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      int span = step.span;
      long at = step.untilNanos;
      boolean first = true;
      for (int child : children.get(span)) {
        // Only what the parent still waited for at its end may reach beyond it.
        long end = first ? Math.min(endNanos[child], at) : endNanos[child];
        long start = Math.max(startNanos[child], step.fromNanos);
        if (end <= at && end > start) {
          critical[span] += at - end;
          steps.push(new Step(child, start, end));
          at = start;
          first = false;
        }
      }
      critical[span] += at - step.fromNanos;
    }
  }
}
