package io.krystaline.engine.assemble;

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
  private static final int EMPTY_TICKS_SHOWN_MAX = 2_000;
  private static final long NEVER = Long.MIN_VALUE;

  /** A day before the last time that a long can say, in the year 2262. */
  private static final long END_NANOS_MAX = Long.MAX_VALUE - 86_400_000_000_000L;

  private final long tickNanos;
  private final long lagNanos;
  private final long graceNanos;
  private final long aheadNanos;
  private final int idleTicks;
  private final AssemblyVisitor visitor;
  private final HeldTraces held;
  private final SpanTable spans;
  private final TraceTable traces;
  private final TraceTree tree;
  private final TraceOrder order;
  private final TraceExpiry expiry;
  private final TraceShare share;
  private final SpansAhead ahead;
  private final AssembledSpan span = new AssembledSpan();

  private long maxEndNanos = NEVER;
  private long nextTick;

  /** When the next tick begins, and the end with which it can be closed. */
  private long nextTickNanos;

  private long closableNanos;

  /** The tick in which the last span ended, and when it begins. */
  private long lastTick;

  private long lastTickNanos = Long.MAX_VALUE;

  private boolean shown;
  private long emptyTicks;
  private long assembled;
  private long late;

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
    this.visitor = visitor;
    this.tickNanos = settings.tick().toNanos();
    this.graceNanos = settings.childGrace().toNanos();
    this.lagNanos = settings.slack().toNanos() + graceNanos;
    this.aheadNanos = settings.aheadMax().toNanos();
    this.idleTicks = Math.toIntExact((settings.idle().toNanos() + tickNanos - 1) / tickNanos);
    if (Math.max(Math.max(lagNanos, aheadNanos) / tickNanos, idleTicks)
        >= TickTraces.RING / 2 - 8) {
      throw new IllegalArgumentException("a tick of " + settings.tick() + " is too short");
    }
    this.held = new HeldTraces(settings, hashSeed);
    this.spans = held.spans;
    this.traces = held.traces;
    this.tree = new TraceTree(spans, operations);
    this.order = new TraceOrder(traces);
    this.expiry = new TraceExpiry(held, tree, order, visitor, tickNanos, graceNanos, idleTicks);
    this.share = new TraceShare(settings.spansMax());
    this.ahead = new SpansAhead(spans, settings.slack().toNanos());
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
      ahead.drop();
      return;
    }
    if (maxEndNanos == NEVER) {
      maxEndNanos = endNanos;
      next(Math.floorDiv(endNanos, tickNanos) - TickTraces.RING / 2 + 1);
    }
    if (endNanos < nextTickNanos) {
      late++;
      return;
    }
    int row =
        share.isKept(traceIdHigh, traceIdLow) ? takeRow(traceIdHigh, traceIdLow) : SpanTable.NONE;
    if (row == SpanTable.NONE) {
      held.shed(1);
      return;
    }
    long traits = SpanTable.traits(operation, kind, status, release);
    spans.fill(row, spanId, parentSpanId, startNanos, endNanos, traits);
    if (endNanos - maxEndNanos <= aheadNanos) {
      ahead.interrupt();
      admit(row, traceIdHigh, traceIdLow, endNanos);
    } else if (ahead.add(row, traceIdHigh, traceIdLow)) {
      follow(ahead.firstNanos());
    }
  }

  /** The {@link TraceLimit} of what is taken in. */
  public long keptUpTo() {
    return share.keptUpTo();
  }

  /**
   * Tells that spans were lost on their way here: what is held may lack some and is not judged, and
   * fewer traces are taken in from now on.
   */
  public void lost(long lostSpans) {
    held.shed(lostSpans);
    traces.breakAbove(0);
    halve();
    share.lost(nextTick + lagNanos / tickNanos + TraceExpiry.STEP_TICKS);
  }

  /**
   * Whether it may take in more traces again once it is calm; at first it may. For whoever limits
   * what it is fed.
   */
  public void mayTakeMore(boolean may) {
    share.mayTakeMore(may);
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
      reach(nanos);
    }
  }

  /** Closes every tick: the stream has ended. */
  public void finish() {
    while (!ahead.isEmpty()) {
      follow(ahead.earliestNanos());
    }
    while (traces.used() > 0) {
      closeTick();
    }
  }

  /** What became of the spans so far. */
  public AssemblyCounts counts() {
    return new AssemblyCounts(
        assembled,
        tree.duplicates(),
        late,
        held.shed(),
        held.oversize(),
        ahead.dropped(),
        spans.used(),
        traces.used(),
        share.share());
  }

  private void admit(int row, long traceIdHigh, long traceIdLow, long endNanos) {
    int trace = traces.find(traceIdHigh, traceIdLow);
    if (trace == TraceTable.NONE) {
      trace = traces.add(traceIdHigh, traceIdLow);
      if (share.hasLost(traceIdHigh, traceIdLow, nextTick)) {
        traces.breakUp(trace);
      }
    }
    if (held.put(trace, row, tickOf(endNanos)) && endNanos > maxEndNanos) {
      reach(endNanos);
    }
  }

  /** Admits a span that waited far ahead, if it is not too late. */
  private void admitWaiting(int row, long traceIdHigh, long traceIdLow) {
    long endNanos = spans.endNanos(row);
    if (endNanos < nextTickNanos) {
      late++;
      spans.release(row);
    } else if (!share.isKept(traceIdHigh, traceIdLow)) {
      held.shed(1);
      spans.release(row);
    } else {
      admit(row, traceIdHigh, traceIdLow, endNanos);
    }
  }

  /** Time has come this far. */
  private void reach(long nanos) {
    maxEndNanos = nanos;
    if (nanos >= closableNanos) {
      closeTicks();
    }
    if (!ahead.isEmpty()) {
      ahead.admitReached(nanos, this::admitWaiting);
    }
  }

  /** The stream goes on from here: moves there, and admits the waiting spans that are then near. */
  private void follow(long nanos) {
    advance(nanos);
    ahead.admitReached(nanos + aheadNanos, this::admitWaiting);
  }

  /** Room for a span of a trace, by leaving out other traces where there is none. */
  private int takeRow(long traceIdHigh, long traceIdLow) {
    int row = spans.take();
    while (row == SpanTable.NONE && share.keptUpTo() != 0) {
      halve();
      if (!share.isKept(traceIdHigh, traceIdLow)) {
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
    share.halve();
    held.leaveOutAbove(share.keptUpTo(), nextTickNanos);
  }

  private long tickOf(long endNanos) {
    if (endNanos < lastTickNanos || endNanos - lastTickNanos >= tickNanos) {
      lastTick = Math.floorDiv(endNanos, tickNanos);
      lastTickNanos = lastTick * tickNanos;
    }
    return lastTick;
  }

  private void next(long tick) {
    nextTick = tick;
    nextTickNanos = tick * tickNanos;
    closableNanos = nextTickNanos + tickNanos + lagNanos;
  }

  private void closeTicks() {
    long closable = Math.floorDiv(maxEndNanos - lagNanos, tickNanos) - 1;
    while (nextTick <= closable) {
      if (traces.used() == 0 && emptyTicks >= EMPTY_TICKS_SHOWN_MAX) {
        next(closable + 1);
      } else {
        closeTick();
      }
    }
  }

  private void closeTick() {
    long tick = nextTick;
    int count = touched(tick);
    int[] touched = held.ending.taken();
    shown |= count > 0;
    emptyTicks = count > 0 ? 0 : emptyTicks + 1;
    order.sort(touched, count);
    for (int i = 0; i < count; i++) {
      held.fetch(touched, i, count);
      if (!traces.isBroken(touched[i])) {
        judge(touched[i], tick);
      }
    }
    next(tick + 1);
    expiry.expire(tick);
    if (shown && emptyTicks <= EMPTY_TICKS_SHOWN_MAX) {
      visitor.onTick(tick);
    }
    if (share.isTooMuch(spans.used())) {
      halve();
    } else {
      share.adapt(spans.used(), nextTick + lagNanos / tickNanos + idleTicks);
    }
  }

  /** Takes the traces of which a span ends in a tick, each once. */
  private int touched(long tick) {
    int listed = held.ending.take(tick);
    int[] touched = held.ending.taken();
    int count = 0;
    for (int i = 0; i < listed; i++) {
      int trace = touched[i];
      if (traces.judgedTick(trace) == tick) {
        continue;
      }
      traces.judgedTick(trace, tick);
      touched[count++] = trace;
      if (traces.isBroken(trace)) {
        held.countLeftOut(trace, nextTickNanos, nextTickNanos + tickNanos);
      }
      expiry.judged(trace, tick);
    }
    return count;
  }

  private void judge(int trace, long tick) {
    long from = tick * tickNanos;
    long to = from + tickNanos;
    tree.gather(traces.firstSpan(trace), to + graceNanos);
    span.traceIdHigh = traces.high(trace);
    span.traceIdLow = traces.low(trace);
    int count = tree.order();
    for (int i = 0; i < count; i++) {
      int position = tree.ordered(i);
      long end = tree.endNanos(position);
      if (end < from || end >= to) {
        continue;
      }
      tree.describe(position, span);
      if (span.root) {
        traces.root(trace);
      }
      assembled++;
      visitor.onSpan(span);
    }
    if (tree.isWhole() && tree.latestEndNanos() >= from && tree.latestEndNanos() < to) {
      traces.settle(trace, tree.relink(), tree.hasOpenProducer());
    }
  }
}
