package io.krystaline.engine.detect;

import io.krystaline.engine.assemble.AssembledSpan;
import io.krystaline.engine.assemble.AssemblyVisitor;
import io.krystaline.engine.assemble.OperationIndex;
import io.krystaline.engine.detect.KeyTable.Kind;
import io.krystaline.engine.span.OperationKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Detects faults in assembled spans: each observation gets a p-value from what was normal for its
 * key, each block of a stream evidence from its p-values, each stream a sequential test over its
 * blocks. What was seen is learned a minute later, and not where an alarm came meanwhile.
 *
 * <p>The layers are those of two-layer conformal detection: the block, not the span, is the unit of
 * independent evidence, because normal bursts make spans of one moment alike. Event time only; the
 * same assembled spans always give the same alarms. Owned by one thread.
 */
public final class Detector implements AssemblyVisitor {
  private static final int CHILDREN_MAX = 63;
  private static final int LEVELS_AND_TESTS = Levels.COUNT;
  private static final Duration SILENCE = Duration.ofMinutes(2);
  private static final Duration ACCEPTING = Duration.ofMinutes(3);
  private static final Duration DECAY_STEP = Duration.ofMinutes(5);
  private static final Duration AUTOCORRELATION_AFTER = Duration.ofHours(1);
  private static final int OPERATIONS_NAMED = 5;

  private final DetectionSettings settings;
  private final OperationIndex operations;
  private final AlarmVisitor visitor;
  private final LogBins bins;
  private final KeyTable keys;
  private final RateWatch rates;
  private final List<Stream> streams = new ArrayList<>();
  private @Nullable Stream[] streamTable = new Stream[Channel.values().length * 16];
  private final Map<Long, Edge> edges = new HashMap<>();
  private final List<Edge> edgeList = new ArrayList<>();
  private final Map<Long, long[]> cuts = new HashMap<>();
  private final Deque<TickLog> logs = new ArrayDeque<>();
  private final Deque<TickLog> spareLogs = new ArrayDeque<>();
  private TickLog log = new TickLog();
  private boolean[] hasChildren = new boolean[256];
  private int[] usualCallee = new int[256];
  private int[] usualParent = new int[256];
  private final BitSet parentsSeen = new BitSet();
  private long refusedObservations;

  private final long tickNanos;
  private final double tickSeconds;
  private final int delayTicks;
  private final int silentTicks;
  private final int alarmEndTicks;
  private final int acceptTicks;
  private final int acceptingTicks;
  private final int decayTicks;
  private final double decayFactor;
  private final double autocorrelationBlocks;
  private long lastDecayTick = Long.MIN_VALUE;
  private long currentTick = Long.MIN_VALUE;
  private boolean training;

  /**
   * A detector that has learned nothing.
   *
   * @param tick the width of the assembler's ticks
   * @param operations the index that the assembled spans refer to
   */
  public Detector(
      DetectionSettings settings, Duration tick, OperationIndex operations, AlarmVisitor visitor) {
    this.settings = settings;
    this.operations = operations;
    this.visitor = visitor;
    this.bins = new LogBins(settings.margin().toNanos(), settings.marginFactor());
    this.keys = new KeyTable(settings.keysMax());
    this.tickNanos = tick.toNanos();
    this.rates = new RateWatch(tick.toNanos(), settings.keysMax());
    this.tickSeconds = tick.toNanos() / 1e9;
    this.delayTicks = ticks(settings.learningDelay(), tick);
    this.silentTicks = ticks(SILENCE, tick);
    this.alarmEndTicks = ticks(settings.alarmEnd(), tick);
    this.acceptTicks = ticks(settings.acceptAfter(), tick);
    this.acceptingTicks = ticks(ACCEPTING, tick);
    this.decayTicks = ticks(DECAY_STEP, tick);
    this.decayFactor = Math.pow(0.5, DECAY_STEP.toNanos() / (double) settings.halfLife().toNanos());
    this.autocorrelationBlocks = AUTOCORRELATION_AFTER.toNanos() / (double) tick.toNanos();
    Arrays.fill(usualCallee, AssembledSpan.NONE);
    Arrays.fill(usualParent, AssembledSpan.NONE);
  }

  private static int ticks(Duration duration, Duration tick) {
    return Math.toIntExact(Math.max(1, duration.toNanos() / tick.toNanos()));
  }

  /**
   * Begins training: what is seen until {@link #endStream} is declared to be clean. It raises no
   * alarm, and a stream's threshold will not be below its greatest sum in training.
   */
  public void beginTraining() {
    training = true;
  }

  /**
   * The stream has ended: learns what was waiting, and is ready for another stream, also of an
   * earlier time. Ends training. What is normal is kept; alarms are not.
   */
  public void endStream() {
    learn(Long.MAX_VALUE);
    streams.forEach(Stream::endStream);
    edgeList.forEach(Edge::clear);
    rates.endStream();
    currentTick = Long.MIN_VALUE;
    lastDecayTick = Long.MIN_VALUE;
    training = false;
  }

  /** The budget in nats: the sum at which a stream alarms. */
  public double budgetNats() {
    long ready = Math.max(1, streams.stream().filter(Stream::isReady).count());
    double ticksPerDay = Duration.ofDays(1).toSeconds() / tickSeconds;
    return Math.log(ready * LEVELS_AND_TESTS * ticksPerDay / settings.falseIncidentsPerDay());
  }

  /** How much is watched now. */
  public DetectionCounts counts() {
    int alarms = (int) streams.stream().filter(stream -> stream.alarmed).count();
    return new DetectionCounts(
        streams.size(), keys.size(), keys.refused(), refusedObservations, alarms);
  }

  @Override
  public void onSpan(AssembledSpan span) {
    int operation = span.operation();
    currentTick = Math.floorDiv(span.endNanos(), tickNanos) - 1;
    reserve(operation);
    int service = operations.serviceOf(operation);
    if (service < settings.servicesMax()) {
      int parent = span.parent();
      rates.observe(span, service, parent < 0 ? parent : operations.serviceOf(parent));
    }
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

  @Override
  public void onTraceEnd(int operation, long traceIdHigh, long traceIdLow, boolean orphan) {
    reserve(operation);
    int parent = usualParent[operation];
    if (parent == AssembledSpan.NONE) {
      return;
    }
    int service = operations.serviceOf(parent);
    int key = keys.find(Kind.ORPHAN, operation, 0, service, service);
    observe(Channel.ORPHANS, service, key, orphan ? 1 : 0, operation, traceIdHigh, traceIdLow);
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
      edge(service, callee).observe(p, nextTick());
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
      cut(service, lastService);
    }
    if (rareP <= Levels.of(1)) {
      cut(service, lastService);
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
      observe(channel, service, p, operation, high, low);
    }
    return p;
  }

  private void observe(Channel channel, int service, double p, int operation, long high, long low) {
    Stream stream = stream(service, channel);
    if (stream != null) {
      stream.observe(p, operation, high, low, nextTick());
    }
  }

  private long nextTick() {
    return currentTick + 1;
  }

  private @Nullable Stream stream(int service, Channel channel) {
    if (service >= settings.servicesMax()) {
      refusedObservations++;
      return null;
    }
    int channels = Channel.values().length;
    int at = service * channels + channel.ordinal();
    if (at >= streamTable.length) {
      streamTable = Arrays.copyOf(streamTable, Math.max(at + 1, streamTable.length * 2));
    }
    Stream stream = streamTable[at];
    if (stream == null) {
      stream = new Stream(streams.size(), service, channel);
      streamTable[at] = stream;
      streams.add(stream);
    }
    return stream;
  }

  private Edge edge(int caller, int callee) {
    long key = (long) caller << 32 | callee;
    Edge known = edges.get(key);
    if (known == null) {
      known = new Edge(caller, callee);
      edges.put(key, known);
      edgeList.add(known);
    }
    return known;
  }

  private void cut(int service, int lastService) {
    cuts.computeIfAbsent((long) service << 32 | lastService, key -> new long[1])[0]++;
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

  @Override
  public void onTick(long tick) {
    currentTick = tick;
    log.tick = tick;
    double budget = budgetNats();
    TickEvidence evidence = TickEvidence.empty(tick);
    List<StreamAlarm> raised = new ArrayList<>();
    rates.close(
        tick,
        log,
        (service, channel, count, nats) ->
            closeRate(service, channel, count, nats, budget, evidence));
    for (Stream stream : streams) {
      if (stream.isBlockDue(tick, settings)) {
        closeBlock(stream, tick, budget, evidence);
      }
      if (judge(stream, tick, budget)) {
        raised.add(describe(stream, budget));
      }
    }
    closeEdges(tick, evidence);
    parentsSeen.stream().forEach(operation -> hasChildren[operation] = true);
    parentsSeen.clear();
    List<StreamAlarm> active = active(budget);
    exclude(active, raised);
    logs.addLast(log);
    log = spareLogs.isEmpty() ? new TickLog() : spareLogs.removeLast();
    log.reset(tick + 1);
    learn(tick);
    decay(tick);
    visitor.onTick(tick, raised, active, evidence);
  }

  private void closeRate(
      int service, Channel channel, long count, double nats, double budget, TickEvidence evidence) {
    Stream stream = stream(service, channel);
    if (stream != null) {
      stream.count(count, currentTick - RateWatch.BLOCK_TICKS + 1);
      if (nats > 0) {
        evidence.streams().add(new TickEvidence.OfStream(service, channel, nats, count));
      }
      test(stream, currentTick, nats, budget);
    }
  }

  private void closeBlock(Stream stream, long tick, double budget, TickEvidence evidence) {
    double nats = stream.blockEvidence();
    if (nats > 0) {
      evidence
          .streams()
          .add(new TickEvidence.OfStream(stream.service, stream.channel, nats, stream.blockSpans));
    } else if (stream.channel == Channel.FEW_CHILDREN) {
      evidence
          .streams()
          .add(new TickEvidence.OfStream(stream.service, stream.channel, 0, stream.blockSpans));
    }
    test(stream, tick, nats, budget);
  }

  private void test(Stream stream, long tick, double nats, double budget) {
    double threshold = training ? Double.MAX_VALUE / 2 : stream.threshold(budget);
    boolean weigh = stream.autoBlocks() >= autocorrelationBlocks;
    boolean hit = stream.test(tick, nats, threshold, silentTicks, weigh);
    if (stream.isAccepting(tick)) {
      stream.learnEvidence(nats);
    }
    log.block(stream, nats, hit);
    stream.clearBlock();
  }

  /** Whether the stream goes into alarm; ends its alarm where it is due. */
  private boolean judge(Stream stream, long tick, double budget) {
    if (training) {
      stream.noteTraining();
      return false;
    }
    if (!stream.alarmed) {
      if (stream.greatestSum() >= stream.threshold(budget) && stream.isTrustworthy()) {
        stream.alarmed = true;
        stream.alarmTick = tick;
        stream.lastHitTick = tick;
        return true;
      }
      return false;
    }
    if (tick - stream.lastHitTick > alarmEndTicks) {
      stream.alarmed = false;
      stream.restart();
    } else if (tick - stream.alarmTick >= acceptTicks) {
      stream.alarmed = false;
      stream.accept(tick + acceptingTicks);
    }
    return false;
  }

  private void closeEdges(long tick, TickEvidence evidence) {
    for (Edge edge : edgeList) {
      if (edge.isBlockDue(tick, settings)) {
        evidence
            .edges()
            .add(
                new TickEvidence.OfEdge(
                    edge.caller, edge.callee, edge.evidence(), edge.calls, edge.hits[0]));
        edge.clear();
      }
    }
    cuts.forEach(
        (key, count) ->
            evidence
                .cuts()
                .add(new TickEvidence.Cut((int) (key >>> 32), (int) (long) key, count[0])));
    cuts.clear();
  }

  private List<StreamAlarm> active(double budget) {
    List<StreamAlarm> active = new ArrayList<>();
    for (Stream stream : streams) {
      if (stream.alarmed) {
        active.add(describe(stream, budget));
      }
    }
    return active;
  }

  private StreamAlarm describe(Stream stream, double budget) {
    OperationWeights weights = stream.operations;
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      order.add(i);
    }
    order.sort((one, other) -> byWeight(weights, one, other));
    List<OperationKey> named = new ArrayList<>();
    for (int i = 0; i < Math.min(order.size(), OPERATIONS_NAMED); i++) {
      named.add(operations.key(weights.operation(order.get(i))));
    }
    return new StreamAlarm(
        stream.service,
        stream.channel,
        stream.onsetTick,
        stream.alarmTick,
        stream.runSpans,
        List.of(stream.runHits[0], stream.runHits[1], stream.runHits[2]),
        Levels.of(stream.strongestLevel()),
        stream.strength(),
        stream.threshold(budget),
        named,
        stream.unusualTraces(),
        stream.normalTraces());
  }

  private int byWeight(OperationWeights weights, int one, int other) {
    int by = Double.compare(weights.weight(other), weights.weight(one));
    if (by != 0) {
      return by;
    }
    return operations
        .key(weights.operation(one))
        .toString()
        .compareTo(operations.key(weights.operation(other)).toString());
  }

  /** Keeps what belongs to services in alarm from being learned, back to before the alarm. */
  private void exclude(List<StreamAlarm> active, List<StreamAlarm> raised) {
    active.forEach(alarm -> log.excludedServices.set(alarm.service()));
    for (StreamAlarm alarm : raised) {
      logs.forEach(earlier -> earlier.excludedServices.set(alarm.service()));
    }
  }

  private void learn(long tick) {
    while (!logs.isEmpty() && tick - logs.getFirst().tick >= delayTicks) {
      TickLog old = logs.removeFirst();
      old.forEachCount(
          (key, bin, count) -> {
            KeyHistogram histogram = keys.histogram(key);
            if (!old.excludedServices.get(histogram.serviceA)
                && !old.excludedServices.get(histogram.serviceB)) {
              histogram.learn(bin, count);
            }
          });
      old.teachBlocks();
      old.forEachRate((number, count) -> rates.learn(number, old.tick, count));
      spareLogs.addLast(old);
    }
  }

  private void decay(long tick) {
    if (lastDecayTick == Long.MIN_VALUE) {
      lastDecayTick = tick;
    }
    if (tick - lastDecayTick >= decayTicks) {
      lastDecayTick = tick;
      keys.decay(decayFactor);
      streams.forEach(stream -> stream.decay(decayFactor));
    }
  }
}
