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
 * trace id, so that traces are whole or absent; it doubles again when there is room. Owned by one
 * thread.
 */
public final class TraceAssembler {
  private static final int RING = 1_024;
  private static final int AHEAD_SPANS_MAX = 4_096;
  private static final int AHEAD_SPANS_TO_FOLLOW = 16;
  private static final int EXPIRY_STEP_TICKS = 2;
  private static final int CALM_TICKS = 24;
  private static final int EMPTY_TICKS_SHOWN_MAX = 2_000;
  private static final long NEVER = Long.MIN_VALUE;

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
  private long followingAhead;
  private long maxEndNanos = NEVER;
  private long nextTick;
  private boolean shown;

  /** Traces whose hash, as an unsigned number, is at most this are taken in. */
  private long keptUpTo = -1;

  private long openedAbove = -1;
  private long openedUntilTick = Long.MIN_VALUE;

  private int calmTicks;
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

  /** Adds a span. Times are nanoseconds since the epoch, {@code endNanos} from 1 on. */
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
    int row = spans.take();
    if (row == SpanTable.NONE) {
      breakTrace(traceIdHigh, traceIdLow);
      return;
    }
    spans.operation[row] = operation;
    spans.spanId[row] = spanId;
    spans.parentSpanId[row] = parentSpanId;
    spans.kind[row] = (byte) kind;
    spans.status[row] = (byte) status;
    spans.startNanos[row] = startNanos;
    spans.endNanos[row] = endNanos;
    if (endNanos - maxEndNanos > aheadNanos) {
      wait(row, traceIdHigh, traceIdLow);
    } else {
      admit(row, traceIdHigh, traceIdLow);
      followingAhead++;
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
      admitReached();
    }
  }

  /** Closes every tick: the stream has ended. */
  public void finish() {
    while (ahead > 0) {
      follow();
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
      expireAt(trace, tick + EXPIRY_STEP_TICKS);
    }
    if (traces.spans[trace] >= settings.traceSpansMax()) {
      traces.broken[trace] = true;
      oversize++;
      spans.release(row);
      return;
    }
    traces.spans[trace]++;
    traces.lastEndNanos[trace] = Math.max(traces.lastEndNanos[trace], spans.endNanos[row]);
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
        admitReached();
      }
    }
  }

  private void expireAt(int trace, long tick) {
    long at = Math.max(tick, nextTick);
    int slot = (int) at & (RING - 1);
    traces.expiryTick[trace] = at;
    traces.nextOfExpiry[trace] = expiryHeads[slot];
    expiryHeads[slot] = trace;
  }

  private void breakTrace(long traceIdHigh, long traceIdLow) {
    int trace = traces.find(traceIdHigh, traceIdLow);
    if (trace != TraceTable.NONE) {
      traces.broken[trace] = true;
    }
    shed++;
    halve();
  }

  private void halve() {
    keptUpTo >>>= 1;
    calmTicks = 0;
    traces.breakAbove(keptUpTo);
  }

  /** Takes in twice as many traces; those that had begun before are not whole. */
  private void twice() {
    openedAbove = keptUpTo;
    openedUntilTick = nextTick + lagNanos / tickNanos + EXPIRY_STEP_TICKS;
    keptUpTo = keptUpTo << 1 | 1;
    calmTicks = 0;
  }

  // Spans far ahead of all others wait, in a bounded list.

  private void wait(int row, long traceIdHigh, long traceIdLow) {
    if (ahead == 0) {
      followingAhead = 0;
    }
    if (ahead == AHEAD_SPANS_MAX) {
      aheadDropped++;
      spans.release(row);
      return;
    }
    aheadTraces[ahead * 2] = traceIdHigh;
    aheadTraces[ahead * 2 + 1] = traceIdLow;
    aheadRows[ahead++] = row;
    if (ahead >= AHEAD_SPANS_TO_FOLLOW && ahead > followingAhead) {
      follow();
    }
  }

  /** Moves on to the earliest of the waiting spans, and admits all that are then near. */
  private void follow() {
    long earliest = Long.MAX_VALUE;
    for (int i = 0; i < ahead; i++) {
      earliest = Math.min(earliest, spans.endNanos[aheadRows[i]]);
    }
    advance(earliest);
    admitReached();
  }

  private void admitReached() {
    int waiting = ahead;
    int kept = 0;
    ahead = 0;
    long reach = maxEndNanos + aheadNanos;
    for (int i = 0; i < waiting; i++) {
      int row = aheadRows[i];
      long high = aheadTraces[i * 2];
      long low = aheadTraces[i * 2 + 1];
      if (spans.endNanos[row] > reach) {
        aheadRows[kept] = row;
        aheadTraces[kept * 2] = high;
        aheadTraces[kept++ * 2 + 1] = low;
      } else if (Math.floorDiv(spans.endNanos[row], tickNanos) < nextTick) {
        late++;
        spans.release(row);
      } else {
        admit(row, high, low);
      }
    }
    ahead = kept;
  }

  private void closeTicks() {
    long closable = Math.floorDiv(maxEndNanos - lagNanos, tickNanos) - 1;
    if (closable - nextTick > EMPTY_TICKS_SHOWN_MAX && traces.used() == 0) {
      nextTick = closable - EMPTY_TICKS_SHOWN_MAX;
    }
    while (nextTick <= closable) {
      closeTick();
      if (traces.used() == 0 && closable - nextTick > EMPTY_TICKS_SHOWN_MAX) {
        nextTick = closable - EMPTY_TICKS_SHOWN_MAX;
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
      if (traces.judgedTick[trace] != tick) {
        traces.judgedTick[trace] = tick;
        if (count == touched.length) {
          touched = Arrays.copyOf(touched, count * 2);
        }
        touched[count++] = trace;
      }
      row = spans.nextOfTick[row];
    }
    shown |= count > 0;
    TraceOrder.sort(touched, count, traces);
    for (int i = 0; i < count; i++) {
      if (!traces.broken[touched[i]]) {
        judge(touched[i], tick);
      }
    }
    nextTick = tick + 1;
    expire(tick, slot);
    if (shown) {
      visitor.onTick(tick);
    }
    adapt();
  }

  private void judge(int trace, long tick) {
    long from = tick * tickNanos;
    long to = from + tickNanos;
    tree.gather(traces.firstSpan[trace], to + graceNanos);
    span.traceIdHigh = traces.high[trace];
    span.traceIdLow = traces.low[trace];
    for (int position = 0; position < tree.size(); position++) {
      long end = spans.endNanos[tree.row(position)];
      if (end >= from && end < to && tree.isFirst(position)) {
        tree.describe(position, span);
        traces.rooted[trace] |= span.root;
        assembled++;
        visitor.onSpan(span);
      }
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
    for (int i = 0; i < count; i++) {
      long last = Math.floorDiv(traces.lastEndNanos[touched[i]], tickNanos);
      if (tick < last + EXPIRY_STEP_TICKS || (tick < last + idleTicks && isAwaited(touched[i]))) {
        expireAt(touched[i], tick + EXPIRY_STEP_TICKS);
      } else {
        end(touched[i]);
      }
    }
  }

  /** Whether more spans of a trace are to come: its root, or the consumer of a message. */
  private boolean isAwaited(int trace) {
    if (!traces.rooted[trace]) {
      return true;
    }
    tree.gather(traces.firstSpan[trace], Long.MAX_VALUE);
    return tree.hasOpenProducer();
  }

  private void end(int trace) {
    tree.gather(traces.firstSpan[trace], Long.MAX_VALUE);
    if (!traces.broken[trace]) {
      for (int position = 0; position < tree.size(); position++) {
        if (tree.isFirst(position)) {
          int row = tree.row(position);
          boolean orphan = spans.parentSpanId[row] != 0 && tree.parent(position) < 0;
          visitor.onTraceEnd(spans.operation[row], traces.high[trace], traces.low[trace], orphan);
        }
      }
    }
    int row = traces.firstSpan[trace];
    while (row != SpanTable.NONE) {
      int next = spans.nextOfTrace[row];
      spans.release(row);
      row = next;
    }
    traces.remove(trace);
  }

  private void adapt() {
    if (spans.used() > settings.spansMax() / 10 * 9L) {
      halve();
    } else if (keptUpTo != -1 && spans.used() < settings.spansMax() / 3) {
      calmTicks++;
      if (calmTicks >= CALM_TICKS) {
        twice();
      }
    }
  }
}
