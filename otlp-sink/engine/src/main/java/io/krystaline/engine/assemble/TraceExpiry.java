package io.krystaline.engine.assemble;

/**
 * Ends traces: looks at each some ticks after its last span, and again while its root or a
 * message's consumer is awaited. Owned by one thread.
 */
final class TraceExpiry {
  /** A trace is looked at this many ticks after it was judged or looked at last. */
  static final int STEP_TICKS = 2;

  private final HeldTraces held;
  private final SpanTable spans;
  private final TraceTable traces;
  private final TraceTree tree;
  private final TraceOrder order;
  private final AssemblyVisitor visitor;
  private final long tickNanos;
  private final long graceNanos;
  private final int idleTicks;

  TraceExpiry(
      HeldTraces held,
      TraceTree tree,
      TraceOrder order,
      AssemblyVisitor visitor,
      long tickNanos,
      long graceNanos,
      int idleTicks) {
    this.held = held;
    this.spans = held.spans;
    this.traces = held.traces;
    this.tree = tree;
    this.order = order;
    this.visitor = visitor;
    this.tickNanos = tickNanos;
    this.graceNanos = graceNanos;
    this.idleTicks = idleTicks;
  }

  /** Notes that a trace was judged with a tick. */
  void judged(int trace, long tick) {
    if (!traces.isExpiring(trace)) {
      held.expireAt(trace, tick + STEP_TICKS);
    }
  }

  /** Ends what is to end with a tick, whose spans were all judged. */
  void expire(long tick) {
    int count = held.expiring.take(tick);
    int[] due = held.expiring.taken();
    order.sort(due, count);
    long known = (tick + 1) * tickNanos + graceNanos;
    for (int i = 0; i < count; i++) {
      held.fetch(due, i, count);
      int trace = due[i];
      if (traces.isSettled(trace)) {
        if (stays(trace, tick, traces.judgedTick(trace), traces.isProducing(trace))) {
          held.expireAt(trace, tick + STEP_TICKS);
        } else {
          endSettled(trace);
        }
      } else {
        tree.gather(traces.firstSpan(trace), known);
        long last = Math.floorDiv(tree.latestEndNanos(), tickNanos);
        if (stays(trace, tick, last, tree.hasOpenProducer())) {
          held.expireAt(trace, tick + STEP_TICKS);
        } else {
          end(trace, known, (tick + 1) * tickNanos);
        }
      }
    }
  }

  /** Whether more spans of a trace are to come: its root, or a message's consumer. */
  private boolean stays(int trace, long tick, long lastTick, boolean producing) {
    return tick < lastTick + STEP_TICKS
        || (tick < lastTick + idleTicks && (!traces.isRooted(trace) || producing));
  }

  /** Ends a trace of which nothing has changed since all of it was judged. */
  private void endSettled(int trace) {
    boolean told = !traces.isBroken(trace);
    long high = traces.high(trace);
    long low = traces.low(trace);
    int row = traces.firstSpan(trace);
    while (row != SpanTable.NONE) {
      long[] block = spans.block(row);
      int at = SpanTable.offset(row);
      long next = block[at + SpanTable.NEXT];
      if (told) {
        int operation = SpanTable.operationOf(block[at + SpanTable.TRAITS]);
        visitor.onTraceEnd(operation, high, low, SpanTable.isOrphan(next));
      }
      spans.release(row);
      row = (int) next;
    }
    traces.remove(trace);
  }

  /**
   * Ends the gathered trace. Spans that end after what is surely known may have arrived or not; so
   * that this is no matter, those that have become a trace of their own.
   */
  private void end(int trace, long knownNanos, long judgedNanos) {
    if (!traces.isBroken(trace)) {
      int count = tree.order();
      for (int i = 0; i < count; i++) {
        int position = tree.ordered(i);
        visitor.onTraceEnd(
            tree.operation(position),
            traces.high(trace),
            traces.low(trace),
            tree.isOrphan(position));
      }
    }
    int row = traces.firstSpan(trace);
    int rest = SpanTable.NONE;
    int restSpans = 0;
    while (row != SpanTable.NONE) {
      int next = spans.next(row);
      long end = spans.endNanos(row);
      // A repeated span may be of a tick that is still to be judged, which names the trace.
      boolean due = end >= judgedNanos && spans.spanId(row) == SpanTable.REPEATED;
      if (end < knownNanos && !due) {
        spans.release(row);
      } else {
        spans.next(row, rest);
        rest = row;
        restSpans++;
      }
      row = next;
    }
    if (rest == SpanTable.NONE) {
      traces.remove(trace);
    } else {
      traces.restart(trace, rest, restSpans);
    }
  }
}
