package io.krystaline.engine.detect;

import io.krystaline.engine.assemble.AssembledSpan;
import io.krystaline.engine.assemble.OperationIndex;
import io.krystaline.engine.detect.KeyTable.Kind;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes of each assembled span its observations: what it is compared with, the probability of that,
 * and the streams that it counts for. Owned by one thread.
 */
final class SpanObserver {
  private static final int CHILDREN_MAX = 63;
  private static final int INITIAL_OPERATIONS = 256;

  private final OperationIndex operations;
  private final LogBins bins;
  private final KeyTable keys;
  private final Streams streams;
  private final Edges edges;

  // Of each operation, what has been seen of it.
  private boolean[] hasChildren = new boolean[INITIAL_OPERATIONS];
  private int[] usualCallee = new int[INITIAL_OPERATIONS];
  private int[] usualParent = new int[INITIAL_OPERATIONS];
  private final BitSet parentsSeen = new BitSet();

  // Of the span that is being observed.
  private long tick;
  private TickLog log = new TickLog();

  SpanObserver(
      OperationIndex operations, LogBins bins, KeyTable keys, Streams streams, Edges edges) {
    this.operations = operations;
    this.bins = bins;
    this.keys = keys;
    this.streams = streams;
    this.edges = edges;
    Arrays.fill(usualCallee, AssembledSpan.NONE);
    Arrays.fill(usualParent, AssembledSpan.NONE);
  }

  /**
   * Takes in a span.
   *
   * @param spanTick the tick in which it ended
   * @param tickLog where it is noted, to be learned later
   */
  void observe(AssembledSpan span, long spanTick, TickLog tickLog) {
    tick = spanTick;
    log = tickLog;
    int operation = span.operation();
    reserve(operation);
    int service = operations.serviceOf(operation);
    if (span.callee() == AssembledSpan.NONE) {
      selfTime(span, operation, service);
    } else {
      gap(span, operation, service);
    }
    structure(span, operation, service);
    failure(span, operation, service);
    queueDelay(span, operation, service);
    if (span.parent() != AssembledSpan.NONE) {
      usualParent[operation] = span.parent();
    }
    if (span.children() > 0) {
      parentsSeen.set(operation);
    }
  }

  /** Takes in that the trace of a span has ended, and whether its parent was missing. */
  void observeEnd(
      int operation, long high, long low, boolean orphan, long endTick, TickLog tickLog) {
    tick = endTick;
    log = tickLog;
    reserve(operation);
    int parent = usualParent[operation];
    if (parent == AssembledSpan.NONE) {
      return;
    }
    int service = operations.serviceOf(parent);
    int key = keys.find(Kind.ORPHAN, operation, 0, service, service);
    observe(Channel.ORPHANS, service, key, orphan ? 1 : 0, operation, high, low);
  }

  /** Ends a tick: from now on children are expected of operations that had some in it. */
  void closeTick() {
    parentsSeen.stream().forEach(operation -> hasChildren[operation] = true);
    parentsSeen.clear();
  }

  private void selfTime(AssembledSpan span, int operation, int service) {
    int children = Math.min(span.children(), CHILDREN_MAX);
    int key = keys.find(Kind.SELF_TIME, operation, children, service, service);
    int bin = LogBins.of(span.exclusiveNanos());
    observe(Channel.SELF_TIME, service, key, bin, operation, span.traceIdHigh(), span.traceIdLow());
  }

  private void gap(AssembledSpan span, int operation, int service) {
    int calleeOperation = span.callee();
    int callee = operations.serviceOf(calleeOperation);
    usualCallee[operation] = callee;
    int key = keys.find(Kind.GAP, service, calleeOperation, service, callee);
    if (key == KeyTable.FULL) {
      return;
    }
    int bin = LogBins.of(span.exclusiveNanos());
    log.count(key, bin);
    double p = keys.histogram(key).pValue(bins.tested(bin));
    if (!Double.isNaN(p)) {
      long high = span.traceIdHigh();
      long low = span.traceIdLow();
      observe(Channel.GAP_IN, callee, p, calleeOperation, high, low);
      observe(Channel.GAP_OUT, service, p, operation, high, low);
      edges.observe(service, callee, p, tick);
    }
  }

  private void structure(AssembledSpan span, int operation, int service) {
    if (!hasChildren[operation] || (span.callee() != AssembledSpan.NONE && span.children() > 0)) {
      return;
    }
    int last =
        span.lastChildCallee() == AssembledSpan.NONE ? span.lastChild() : span.lastChildCallee();
    int lastService = last == AssembledSpan.NONE ? service : operations.serviceOf(last);
    long high = span.traceIdHigh();
    long low = span.traceIdLow();
    int few = keys.find(Kind.CHILDREN, operation, 0, service, service);
    int children = Math.min(span.children(), LogBins.COUNT - 1);
    double fewP = observe(Channel.FEW_CHILDREN, service, few, children, operation, high, low);
    int rare = keys.find(Kind.SIGNATURE, operation, 0, service, service);
    int signature = keys.signature(operation, span.children(), span.lastChild());
    double rareP = observe(Channel.RARE_CHILDREN, service, rare, signature, operation, high, low);
    if (fewP <= Levels.of(0)) {
      edges.cut(service, lastService);
    }
    if (rareP <= Levels.of(1)) {
      edges.cut(service, lastService);
    }
  }

  /**
   * A failure counts where it begins: at a failed span none of whose children failed. That of a
   * call is its callee's; the spans above only pass it on.
   */
  private void failure(AssembledSpan span, int operation, int service) {
    if (span.failed() && span.failedChildren() > 0) {
      return;
    }
    int blamed = service;
    if (span.callee() != AssembledSpan.NONE) {
      blamed = operations.serviceOf(span.callee());
    } else if (span.failed() && usualCallee[operation] != AssembledSpan.NONE) {
      blamed = usualCallee[operation];
    }
    int key = keys.find(Kind.FAILED, operation, 0, service, blamed);
    observe(
        Channel.ERRORS,
        blamed,
        key,
        span.failed() ? 1 : 0,
        operation,
        span.traceIdHigh(),
        span.traceIdLow());
  }

  private void queueDelay(AssembledSpan span, int operation, int service) {
    if (span.producerDelayNanos() >= 0) {
      int key = keys.find(Kind.QUEUE_DELAY, operation, 0, service, service);
      int bin = LogBins.of(span.producerDelayNanos());
      observe(
          Channel.QUEUE_DELAY, service, key, bin, operation, span.traceIdHigh(), span.traceIdLow());
    }
  }

  /** Counts an observation of a key for a stream and gives its p-value, NaN while there is none. */
  private double observe(
      Channel channel, int service, int key, int bin, int operation, long high, long low) {
    if (key == KeyTable.FULL) {
      return Double.NaN;
    }
    log.count(key, bin);
    boolean duration = channel == Channel.SELF_TIME || channel == Channel.QUEUE_DELAY;
    double p = keys.histogram(key).pValue(duration ? bins.tested(bin) : bin);
    if (!Double.isNaN(p)) {
      Stream stream = observe(channel, service, p, operation, high, low);
      if (stream != null && stream.isBinary()) {
        stream.expect(keys.histogram(key).pValue(1));
      }
    }
    return p;
  }

  private @Nullable Stream observe(
      Channel channel, int service, double p, int operation, long high, long low) {
    Stream stream = streams.find(service, channel);
    if (stream != null) {
      stream.observe(p, operation, high, low, tick);
    }
    return stream;
  }

  private void reserve(int operation) {
    if (operation >= hasChildren.length) {
      int before = hasChildren.length;
      int size = Math.max(operation + 1, before * 2);
      hasChildren = Arrays.copyOf(hasChildren, size);
      usualCallee = Arrays.copyOf(usualCallee, size);
      usualParent = Arrays.copyOf(usualParent, size);
      Arrays.fill(usualCallee, before, size, AssembledSpan.NONE);
      Arrays.fill(usualParent, before, size, AssembledSpan.NONE);
    }
  }
}
