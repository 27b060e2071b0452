package io.krystaline.engine.assemble;

/** The traces and spans that are held, and in which tick each is due. Owned by one thread. */
final class HeldTraces {
  private static final int NONE = SpanTable.NONE;
  private static final int FETCHED = 16;

  final SpanTable spans;
  final TraceTable traces;

  /** Traces by the ticks in which spans of theirs end. */
  final TickTraces ending = new TickTraces();

  /** Traces by the tick in which they may expire. */
  final TickTraces expiring = new TickTraces();

  private final int traceSpansMax;
  private final int[] fetched = new int[FETCHED];
  private long shed;
  private long oversize;

  HeldTraces(AssemblySettings settings, long hashSeed) {
    this.spans = new SpanTable(settings.spansMax());
    this.traces = new TraceTable(hashSeed);
    this.traceSpansMax = settings.traceSpansMax();
  }

  /**
   * Puts a filled row with its trace.
   *
   * @return whether there was room in the trace; if not, the row is free again
   */
  boolean put(int trace, int row, long tick) {
    if (traces.spans(trace) >= traceSpansMax) {
      traces.breakUp(trace);
      oversize++;
      spans.release(row);
      return false;
    }
    spans.next(row, traces.firstSpan(trace));
    traces.addSpan(trace, row);
    if (traces.noteTick(trace, tick)) {
      ending.add(tick, trace);
    }
    return true;
  }

  /**
   * Called for each of some traces in their order: sees to it that its spans are near, every
   * {@value #FETCHED} traces for as many at a time.
   */
  void fetch(int[] listed, int position, int count) {
    if (position % FETCHED != 0) {
      return;
    }
    int many = Math.min(FETCHED, count - position);
    for (int i = 0; i < many; i++) {
      fetched[i] = traces.firstSpan(listed[position + i]);
    }
    spans.fetch(fetched, many);
  }

  void expireAt(int trace, long tick) {
    traces.expiring(trace);
    expiring.add(tick, trace);
  }

  /**
   * Leaves out the traces whose hash is above a limit, with all their spans. Of a trace that was
   * being handed on, what ended before a time was; the rest and its end are not.
   */
  void leaveOutAbove(long limit, long handedOnBeforeNanos) {
    ending.retain(trace -> TraceLimit.isKept(traces.high(trace), traces.low(trace), limit));
    expiring.retain(trace -> TraceLimit.isKept(traces.high(trace), traces.low(trace), limit));
    for (int trace : traces.above(limit)) {
      int row = traces.firstSpan(trace);
      while (row != NONE) {
        int next = spans.next(row);
        if (spans.endNanos(row) >= handedOnBeforeNanos) {
          shed++;
        }
        spans.release(row);
        row = next;
      }
      traces.remove(trace);
    }
  }

  /** Counts the spans of a broken trace that end in a time, as they will not be handed on. */
  void countLeftOut(int trace, long fromNanos, long toNanos) {
    int left = 0;
    for (int row = traces.firstSpan(trace); row != NONE; row = spans.next(row)) {
      long end = spans.endNanos(row);
      left += end >= fromNanos && end < toNanos ? 1 : 0;
    }
    if (traces.spans(trace) >= traceSpansMax) {
      oversize += left;
    } else {
      shed += left;
    }
  }

  /** Spans were left out before they were held. */
  void shed(long count) {
    shed += count;
  }

  /** Spans left out with their whole trace, for want of room. */
  long shed() {
    return shed;
  }

  /** Spans left out because their trace has too many. */
  long oversize() {
    return oversize;
  }
}
