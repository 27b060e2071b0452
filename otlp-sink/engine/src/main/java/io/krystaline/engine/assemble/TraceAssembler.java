package io.krystaline.engine.assemble;

import java.util.Arrays;

/**
 * Gathers spans into traces in event time and hands on each with its children.
 *
 * <p>Time is cut into ticks by the spans' ends. A tick closes when a span has arrived that ended
 * {@code slack + childGrace} after the tick's end; all its spans are then handed on, each with the
 * children that ended before the tick's end plus {@code childGrace}. What is handed on depends on
 * the spans only, as long as none arrives more than the slack after a span that ended later: not on
 * their order, on repetitions or on the speed. A span that arrives after its tick closed is
 * counted, and not used.
 *
 * <p>When room runs short, the share of traces that are taken in is halved, chosen by a hash of the
 * trace id, so that traces are whole or absent; it doubles again when there is room. Only a trace
 * that was being handed on at that moment stops where it is. Owned by one thread.
 */
public final class TraceAssembler {
  private static final int RING = 1_024;
  private static final int AHEAD_SPANS_MAX = 4_096;
  private static final int AHEAD_SPANS_TO_FOLLOW = 16;
  private static final int EXPIRY_STEP_TICKS = 2;
  private static final int CALM_TICKS = 24;
  private static final int EMPTY_TICKS_SHOWN_MAX = 2_000;
  private static final long NEVER = Long.MIN_VALUE;

  /** A day before the last time that a long can say, in the year 2262. */
  private static final long END_NANOS_MAX = Long.MAX_VALUE - 86_400_000_000_000L;

  private final long tickNanos;
  private final long lagNanos;
  private final long graceNanos;
  private final int idleTicks;
  private final long aheadNanos;
  private final AssemblySettings settings;
  private final AssemblyVisitor visitor;
  private final SpanTable spans;
  private final TraceTable traces;
  private final TraceTree tree;
  private final AssembledSpan span = new AssembledSpan();
  private final int[] tickHeads = new int[RING];
  private final int[] expiryHeads = new int[RING];
  private int[] touched = new int[1_024];
  private final int[] aheadRows = new int[AHEAD_SPANS_MAX];
  private final long[] aheadTraces = new long[AHEAD_SPANS_MAX * 2];
  private int ahead;

  // Of the spans that came one after the other, all of them far ahead.
  private int aheadInRow;
  private long aheadFirstNanos;
  private long aheadLastNanos;

  private long maxEndNanos = NEVER;
  private long nextTick;
  private boolean shown;
  private long emptyTicks;

  /** Traces whose hash, as an unsigned number, is at most this are taken in. */
  private long keptUpTo = -1;

  private long openedAbove = -1;
  private long openedUntilTick = Long.MIN_VALUE;

  private int calmTicks;
  private boolean mayTakeMore = true;
  private long assembled;
  private long late;
  private long shed;
  private long oversize;
  private long aheadDropped;

  /**
   * An empty assembler.
   *
   * @param operations the operations that spans will name; each must be registered before
   * @param hashSeed a number that no sender can guess
   * @throws IllegalArgumentException if times are too long for the ticks: slack, grace, idle and
   *     aheadMax must be less than 500 ticks each
   */
  public TraceAssembler(
      AssemblySettings settings,
      OperationIndex operations,
      long hashSeed,
      AssemblyVisitor visitor) {
    this.settings = settings;
    this.visitor = visitor;
    this.tickNanos = settings.tick().toNanos();
    this.graceNanos = settings.childGrace().toNanos();
    this.lagNanos = settings.slack().toNanos() + graceNanos;
    this.aheadNanos = settings.aheadMax().toNanos();
    this.idleTicks = Math.toIntExact((settings.idle().toNanos() + tickNanos - 1) / tickNanos);
    if (Math.max(Math.max(lagNanos, aheadNanos) / tickNanos, idleTicks) >= RING / 2 - 8) {
      throw new IllegalArgumentException("a tick of " + settings.tick() + " is too short");
    }
    this.spans = new SpanTable(settings.spansMax());
    this.traces = new TraceTable(hashSeed);
    this.tree = new TraceTree(spans, operations);
    Arrays.fill(tickHeads, SpanTable.NONE);
    Arrays.fill(expiryHeads, TraceTable.NONE);
  }

  /** Adds a span of no known release. */
  public void add(
      int operation,
      long traceIdHigh,
      long traceIdLow,
      long spanId,
      long parentSpanId,
      int kind,
      int status,
      long startNanos,
      long endNanos) {
    add(
        operation,
        traceIdHigh,
        traceIdLow,
        spanId,
        parentSpanId,
        kind,
        status,
        startNanos,
        endNanos,
        0);
  }

  /**
   * Adds a span. Times are nanoseconds since the epoch, {@code endNanos} from 1 on.
   *
   * @param release see {@link AssembledSpan#release}
   */
  public void add(
      int operation,
      long traceIdHigh,
      long traceIdLow,
      long spanId,
      long parentSpanId,
      int kind,
      int status,
      long startNanos,
      long endNanos,
      int release) {
    if (endNanos > END_NANOS_MAX) {
      aheadDropped++;
      return;
    }
    if (maxEndNanos == NEVER) {
      maxEndNanos = endNanos;
      nextTick = Math.floorDiv(endNanos, tickNanos) - RING / 2 + 1;
    }
    if (Math.floorDiv(endNanos, tickNanos) < nextTick) {
      late++;
      return;
    }
    if (!isKept(traceIdHigh, traceIdLow, keptUpTo)) {
      shed++;
      return;
    }
    int row = takeRow(traceIdHigh, traceIdLow);
    if (row == SpanTable.NONE) {
      shed++;
      return;
    }
    spans.operation[row] = operation;
    spans.spanId[row] = spanId;
    spans.parentSpanId[row] = parentSpanId;
    spans.kind[row] = (byte) kind;
    spans.status[row] = (byte) status;
    spans.release[row] = (char) release;
    spans.startNanos[row] = startNanos;
    spans.endNanos[row] = endNanos;
    if (endNanos - maxEndNanos > aheadNanos) {
      wait(row, traceIdHigh, traceIdLow);
    } else {
      aheadInRow = 0;
      admit(row, traceIdHigh, traceIdLow);
    }
  }

  /**
   * Whether a trace is taken in.
   *
   * @param limit the {@link #keptUpTo} of the moment
   */
  public static boolean isKept(long traceIdHigh, long traceIdLow, long limit) {
    return limit == -1
        || Long.compareUnsigned(TraceTable.hash(traceIdHigh, traceIdLow, 0), limit) <= 0;
  }

  /** Traces whose hash is at most this, as an unsigned number, are taken in; -1 takes all. */
  public long keptUpTo() {
    return keptUpTo;
  }

  /**
   * Tells that spans were lost on their way here: what is held may lack some and is not judged, and
   * fewer traces are taken in from now on.
   */
  public void lost(long lostSpans) {
    shed += lostSpans;
    traces.breakAbove(0);
    halve();
    openedAbove = 0;
    openedUntilTick = nextTick + lagNanos / tickNanos + EXPIRY_STEP_TICKS;
  }

  /**
   * Whether it may take in more traces again once it is calm; at first it may. For whoever limits
   * what it is fed.
   */
  public void mayTakeMore(boolean may) {
    mayTakeMore = may;
  }

  /** Takes in half as many traces from now on, since whoever feeds it can't keep up. */
  public void shedMore() {
    halve();
  }

  /** Lets event time go on without spans. */
  public void pass(long elapsedNanos) {
    advance(maxEndNanos + elapsedNanos);
  }

  /** Tells that time has come this far even without spans; never turns it back. */
  public void advance(long nanos) {
    if (maxEndNanos != NEVER && nanos > maxEndNanos) {
      maxEndNanos = nanos;
      closeTicks();
      admitReached(maxEndNanos);
    }
  }

  /** Closes every tick: the stream has ended. */
  public void finish() {
    while (ahead > 0) {
      follow(earliestWaiting());
    }
    while (traces.used() > 0) {
      closeTick();
    }
  }

  /** What became of the spans so far. */
  public AssemblyCounts counts() {
    double kept = keptUpTo == -1 ? 1 : (keptUpTo >>> 1) / (double) Long.MAX_VALUE;
    return new AssemblyCounts(
        assembled,
        tree.duplicates(),
        late,
        shed,
        oversize,
        aheadDropped,
        spans.used(),
        traces.used(),
        kept);
  }

  private void admit(int row, long traceIdHigh, long traceIdLow) {
    int trace = traces.find(traceIdHigh, traceIdLow);
    long tick = Math.floorDiv(spans.endNanos[row], tickNanos);
    if (trace == TraceTable.NONE) {
      trace = traces.add(traceIdHigh, traceIdLow);
      traces.broken[trace] =
          nextTick < openedUntilTick && !isKept(traceIdHigh, traceIdLow, openedAbove);
    }
    if (traces.spans[trace] >= settings.traceSpansMax()) {
      traces.broken[trace] = true;
      oversize++;
      spans.release(row);
      return;
    }
    traces.spans[trace]++;
    spans.trace[row] = trace;
    spans.nextOfTrace[row] = traces.firstSpan[trace];
    traces.firstSpan[trace] = row;
    int slot = (int) tick & (RING - 1);
    spans.nextOfTick[row] = tickHeads[slot];
    tickHeads[slot] = row;
    if (spans.endNanos[row] > maxEndNanos) {
      maxEndNanos = spans.endNanos[row];
      closeTicks();
      if (ahead > 0) {
        admitReached(maxEndNanos);
      }
    }
  }

  private void expireAt(int trace, long tick) {
    int slot = (int) tick & (RING - 1);
    traces.expiryTick[trace] = tick;
    traces.nextOfExpiry[trace] = expiryHeads[slot];
    expiryHeads[slot] = trace;
  }

  /** Room for a span of a trace, by leaving out other traces where there is none. */
  private int takeRow(long traceIdHigh, long traceIdLow) {
    int row = spans.take();
    while (row == SpanTable.NONE && keptUpTo != 0) {
      halve();
      if (!isKept(traceIdHigh, traceIdLow, keptUpTo)) {
        return SpanTable.NONE;
      }
      row = spans.take();
    }
    if (row == SpanTable.NONE) {
      traces.breakAbove(0);
    }
    return row;
  }

  private void halve() {
    keptUpTo >>>= 1;
    calmTicks = 0;
    leaveOut();
  }

  /** Takes in twice as many traces; those that had begun before are not whole. */
  private void twice() {
    openedAbove = keptUpTo;
    openedUntilTick = nextTick + lagNanos / tickNanos + idleTicks;
    keptUpTo = keptUpTo << 1 | 1;
    calmTicks = 0;
  }

  /**
   * Leaves out the held traces that are not taken in any more, and all their spans. Of a trace that
   * was being handed on, what ended first was; the rest and its end are not.
   */
  private void leaveOut() {
    for (int slot = 0; slot < RING; slot++) {
      int rows = SpanTable.NONE;
      for (int row = tickHeads[slot]; row != SpanTable.NONE; ) {
        int next = spans.nextOfTick[row];
        if (isKept(spans.trace[row])) {
          spans.nextOfTick[row] = rows;
          rows = row;
        }
        row = next;
      }
      tickHeads[slot] = rows;
      int expiring = TraceTable.NONE;
      for (int trace = expiryHeads[slot]; trace != TraceTable.NONE; ) {
        int next = traces.nextOfExpiry[trace];
        if (isKept(trace)) {
          traces.nextOfExpiry[trace] = expiring;
          expiring = trace;
        }
        trace = next;
      }
      expiryHeads[slot] = expiring;
    }
    for (int trace : traces.above(keptUpTo)) {
      for (int row = traces.firstSpan[trace]; row != SpanTable.NONE; ) {
        int next = spans.nextOfTrace[row];
        if (Math.floorDiv(spans.endNanos[row], tickNanos) >= nextTick) {
          shed++;
        }
        spans.release(row);
        row = next;
      }
      traces.remove(trace);
    }
  }

  private boolean isKept(int trace) {
    return isKept(traces.high[trace], traces.low[trace], keptUpTo);
  }

  // Spans far ahead of all others wait, in a bounded list.

  private void wait(int row, long traceIdHigh, long traceIdLow) {
    if (ahead == AHEAD_SPANS_MAX) {
      dropFarthest();
    }
    aheadTraces[ahead * 2] = traceIdHigh;
    aheadTraces[ahead * 2 + 1] = traceIdLow;
    aheadRows[ahead++] = row;
    long end = spans.endNanos[row];
    aheadFirstNanos = aheadInRow == 0 ? end : Math.min(aheadFirstNanos, end);
    aheadLastNanos = aheadInRow == 0 ? end : Math.max(aheadLastNanos, end);
    aheadInRow++;
    boolean goesOn = aheadLastNanos - aheadFirstNanos >= settings.slack().toNanos();
    if (aheadInRow >= (goesOn ? AHEAD_SPANS_TO_FOLLOW : AHEAD_SPANS_MAX / 2)) {
      aheadInRow = 0;
      follow(aheadFirstNanos);
    }
  }

  /** Leaves out the half of the waiting spans that is farthest ahead. */
  private void dropFarthest() {
    long[] ends = new long[ahead];
    for (int i = 0; i < ahead; i++) {
      ends[i] = spans.endNanos[aheadRows[i]];
    }
    Arrays.sort(ends);
    long limit = ends[ahead / 2];
    int kept = 0;
    for (int i = 0; i < ahead; i++) {
      if (spans.endNanos[aheadRows[i]] < limit) {
        keepWaiting(i, kept++);
      } else {
        aheadDropped++;
        spans.release(aheadRows[i]);
      }
    }
    ahead = kept;
  }

  private void keepWaiting(int from, int to) {
    aheadRows[to] = aheadRows[from];
    aheadTraces[to * 2] = aheadTraces[from * 2];
    aheadTraces[to * 2 + 1] = aheadTraces[from * 2 + 1];
  }

  /** The stream goes on from here: moves there, and admits the waiting spans that are then near. */
  private void follow(long nanos) {
    advance(nanos);
    admitReached(nanos + aheadNanos);
  }

  private long earliestWaiting() {
    long earliest = Long.MAX_VALUE;
    for (int i = 0; i < ahead; i++) {
      earliest = Math.min(earliest, spans.endNanos[aheadRows[i]]);
    }
    return earliest;
  }

  /** Admits the waiting spans that end up to a time. */
  private void admitReached(long reachNanos) {
    int waiting = ahead;
    int kept = 0;
    ahead = 0;
    for (int i = 0; i < waiting; i++) {
      int row = aheadRows[i];
      long high = aheadTraces[i * 2];
      long low = aheadTraces[i * 2 + 1];
      if (spans.endNanos[row] > reachNanos) {
        keepWaiting(i, kept++);
      } else if (Math.floorDiv(spans.endNanos[row], tickNanos) < nextTick) {
        late++;
        spans.release(row);
      } else if (!isKept(high, low, keptUpTo)) {
        shed++;
        spans.release(row);
      } else {
        admit(row, high, low);
      }
    }
    ahead = kept;
  }

  private void closeTicks() {
    long closable = Math.floorDiv(maxEndNanos - lagNanos, tickNanos) - 1;
    while (nextTick <= closable) {
      if (traces.used() == 0 && emptyTicks >= EMPTY_TICKS_SHOWN_MAX) {
        nextTick = closable + 1;
      } else {
        closeTick();
      }
    }
  }

  private void closeTick() {
    long tick = nextTick;
    int slot = (int) tick & (RING - 1);
    int row = tickHeads[slot];
    tickHeads[slot] = SpanTable.NONE;
    int count = 0;
    while (row != SpanTable.NONE) {
      int trace = spans.trace[row];
      if (traces.broken[trace]) {
        countLeftOut(trace);
      }
      if (traces.judgedTick[trace] != tick) {
        traces.judgedTick[trace] = tick;
        if (count == touched.length) {
          touched = Arrays.copyOf(touched, count * 2);
        }
        touched[count++] = trace;
        if (traces.expiryTick[trace] == TraceTable.NEVER) {
          expireAt(trace, tick + EXPIRY_STEP_TICKS);
        }
      }
      row = spans.nextOfTick[row];
    }
    shown |= count > 0;
    emptyTicks = count > 0 ? 0 : emptyTicks + 1;
    TraceOrder.sort(touched, count, traces);
    for (int i = 0; i < count; i++) {
      if (!traces.broken[touched[i]]) {
        judge(touched[i], tick);
      }
    }
    nextTick = tick + 1;
    expire(tick, slot);
    if (shown && emptyTicks <= EMPTY_TICKS_SHOWN_MAX) {
      visitor.onTick(tick);
    }
    adapt();
  }

  private void countLeftOut(int trace) {
    if (traces.spans[trace] >= settings.traceSpansMax()) {
      oversize++;
    } else {
      shed++;
    }
  }

  private void judge(int trace, long tick) {
    long from = tick * tickNanos;
    long to = from + tickNanos;
    tree.gather(traces.firstSpan[trace], to + graceNanos);
    span.traceIdHigh = traces.high[trace];
    span.traceIdLow = traces.low[trace];
    int count = tree.order(from, to);
    for (int i = 0; i < count; i++) {
      tree.describe(tree.ordered(i), span);
      traces.rooted[trace] |= span.root;
      assembled++;
      visitor.onSpan(span);
    }
  }

  private void expire(long tick, int slot) {
    int trace = expiryHeads[slot];
    expiryHeads[slot] = TraceTable.NONE;
    int count = 0;
    while (trace != TraceTable.NONE) {
      if (count == touched.length) {
        touched = Arrays.copyOf(touched, count * 2);
      }
      touched[count++] = trace;
      trace = traces.nextOfExpiry[trace];
    }
    TraceOrder.sort(touched, count, traces);
    long known = (tick + 1) * tickNanos + graceNanos;
    for (int i = 0; i < count; i++) {
      tree.gather(traces.firstSpan[touched[i]], known);
      long last = Math.floorDiv(tree.latestEndNanos(), tickNanos);
      if (tick < last + EXPIRY_STEP_TICKS || (tick < last + idleTicks && isAwaited(touched[i]))) {
        expireAt(touched[i], tick + EXPIRY_STEP_TICKS);
      } else {
        end(touched[i], known);
      }
    }
  }

  /** Whether more spans of the gathered trace are to come: its root, or a message's consumer. */
  private boolean isAwaited(int trace) {
    return !traces.rooted[trace] || tree.hasOpenProducer();
  }

  /**
   * Ends the gathered trace. Spans that end after what is surely known may have arrived or not; so
   * that this is no matter, those that have become a trace of their own.
   */
  private void end(int trace, long knownNanos) {
    if (!traces.broken[trace]) {
      int count = tree.order(Long.MIN_VALUE, Long.MAX_VALUE);
      for (int i = 0; i < count; i++) {
        int position = tree.ordered(i);
        int row = tree.row(position);
        boolean orphan = spans.parentSpanId[row] != 0 && tree.parent(position) < 0;
        visitor.onTraceEnd(spans.operation[row], traces.high[trace], traces.low[trace], orphan);
      }
    }
    int row = traces.firstSpan[trace];
    int rest = SpanTable.NONE;
    int restSpans = 0;
    while (row != SpanTable.NONE) {
      int next = spans.nextOfTrace[row];
      if (spans.endNanos[row] < knownNanos) {
        spans.release(row);
      } else {
        spans.nextOfTrace[row] = rest;
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

  private void adapt() {
    if (spans.used() > settings.spansMax() / 10 * 9L) {
      halve();
    } else if (keptUpTo != -1 && spans.used() < settings.spansMax() / 3) {
      calmTicks++;
      if (calmTicks >= CALM_TICKS && mayTakeMore) {
        twice();
      }
    }
  }
}
