package io.krystaline.engine.assemble;

import java.util.Arrays;

/**
 * Spans that end far ahead of all others: they wait here, a bounded number of them, until the
 * stream follows them there, so that one wrong clock does not close everybody's ticks. Owned by one
 * thread.
 */
final class SpansAhead {
  static final int SPANS_MAX = 4_096;
  private static final int SPANS_TO_FOLLOW = 16;

  private final SpanTable spans;
  private final long slackNanos;
  private final int[] rows = new int[SPANS_MAX];
  private final long[] traceIds = new long[SPANS_MAX * 2];
  private int waiting;
  private long dropped;

  // Of the spans that came one after the other, all of them far ahead.
  private int inRow;
  private long firstNanos;
  private long lastNanos;

  /** Receives a span that waits no more. */
  interface Admission {
    void admit(int row, long traceIdHigh, long traceIdLow);
  }

  SpansAhead(SpanTable spans, long slackNanos) {
    this.spans = spans;
    this.slackNanos = slackNanos;
  }

  /**
   * Lets a span wait.
   *
   * @return whether the stream goes on with the spans that came last, from {@link #firstNanos} on
   */
  boolean add(int row, long traceIdHigh, long traceIdLow) {
    if (waiting == SPANS_MAX) {
      dropFarthest();
    }
    traceIds[waiting * 2] = traceIdHigh;
    traceIds[waiting * 2 + 1] = traceIdLow;
    rows[waiting++] = row;
    long end = spans.endNanos(row);
    firstNanos = inRow == 0 ? end : Math.min(firstNanos, end);
    lastNanos = inRow == 0 ? end : Math.max(lastNanos, end);
    inRow++;
    boolean goesOn = lastNanos - firstNanos >= slackNanos;
    if (inRow >= (goesOn ? SPANS_TO_FOLLOW : SPANS_MAX / 2)) {
      inRow = 0;
      return true;
    }
    return false;
  }

  /** A span came that is not ahead. */
  void interrupt() {
    inRow = 0;
  }

  /** The first end of the spans that came one after the other. */
  long firstNanos() {
    return firstNanos;
  }

  boolean isEmpty() {
    return waiting == 0;
  }

  /** The earliest end of all that wait. */
  long earliestNanos() {
    long earliest = Long.MAX_VALUE;
    for (int i = 0; i < waiting; i++) {
      earliest = Math.min(earliest, spans.endNanos(rows[i]));
    }
    return earliest;
  }

  /** Hands on those that end up to a time; none may be added meanwhile. */
  void admitReached(long reachNanos, Admission admission) {
    int before = waiting;
    int kept = 0;
    // An admission moves time, and so asks again what is reached: the outer call sees to that.
    waiting = 0;
    for (int i = 0; i < before; i++) {
      if (spans.endNanos(rows[i]) > reachNanos) {
        keep(i, kept++);
      } else {
        admission.admit(rows[i], traceIds[i * 2], traceIds[i * 2 + 1]);
      }
    }
    waiting = kept;
  }

  /** Counts a span that was not even taken in to wait. */
  void drop() {
    dropped++;
  }

  /** Spans left out because the stream never followed them. */
  long dropped() {
    return dropped;
  }

  /** Leaves out the half of the waiting spans that is farthest ahead. */
  private void dropFarthest() {
    long[] ends = new long[waiting];
    for (int i = 0; i < waiting; i++) {
      ends[i] = spans.endNanos(rows[i]);
    }
    Arrays.sort(ends);
    long limit = ends[waiting / 2];
    int kept = 0;
    for (int i = 0; i < waiting; i++) {
      if (spans.endNanos(rows[i]) < limit) {
        keep(i, kept++);
      } else {
        dropped++;
        spans.release(rows[i]);
      }
    }
    waiting = kept;
  }

  private void keep(int from, int to) {
    rows[to] = rows[from];
    traceIds[to * 2] = traceIds[from * 2];
    traceIds[to * 2 + 1] = traceIds[from * 2 + 1];
  }
}
