package io.krystaline.engine.detect;

import io.krystaline.engine.assemble.AssembledSpan;
import io.krystaline.engine.assemble.AssemblyVisitor;
import io.krystaline.engine.assemble.OperationIndex;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

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
  private static final int LEVELS_AND_TESTS = Levels.COUNT;
  private static final Duration SILENCE = Duration.ofMinutes(2);
  private static final Duration ACCEPTING = Duration.ofMinutes(3);
  private static final Duration DECAY_STEP = Duration.ofMinutes(5);
  private static final Duration AUTOCORRELATION_AFTER = Duration.ofHours(1);

  private final DetectionSettings settings;
  private final OperationIndex operations;
  private final AlarmVisitor visitor;
  private final KeyTable keys;
  private final RateWatch rates;
  private final Streams streams;
  private final Edges edges = new Edges();
  private final SpanObserver observer;
  private final AlarmDescriber describer;
  private final Deque<TickLog> logs = new ArrayDeque<>();
  private final Deque<TickLog> spareLogs = new ArrayDeque<>();
  private TickLog log = new TickLog();

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
    this.keys = new KeyTable(settings.keysMax());
    this.streams = new Streams(settings.servicesMax());
    LogBins bins = new LogBins(settings.margin().toNanos(), settings.marginFactor());
    this.observer = new SpanObserver(operations, bins, keys, streams, edges);
    this.describer = new AlarmDescriber(operations);
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
    edges.clear();
    rates.endStream();
    currentTick = Long.MIN_VALUE;
    lastDecayTick = Long.MIN_VALUE;
    training = false;
  }

  /** The budget in nats: the sum at which a stream alarms. */
  public double budgetNats() {
    long ready = Math.max(1, streams.ready());
    double ticksPerDay = Duration.ofDays(1).toSeconds() / tickSeconds;
    return Math.log(ready * LEVELS_AND_TESTS * ticksPerDay / settings.falseIncidentsPerDay());
  }

  /** How much is watched now. */
  public DetectionCounts counts() {
    return new DetectionCounts(
        streams.size(),
        keys.size(),
        keys.refused(),
        streams.refused() + edges.refused(),
        streams.alarmed());
  }

  @Override
  public void onSpan(AssembledSpan span) {
    long tick = Math.floorDiv(span.endNanos(), tickNanos);
    currentTick = tick - 1;
    int service = operations.serviceOf(span.operation());
    if (streams.watches(service)) {
      int parent = span.parent();
      rates.observe(span, service, parent < 0 ? parent : operations.serviceOf(parent));
    }
    observer.observe(span, tick, log);
  }

  @Override
  public void onTraceEnd(int operation, long traceIdHigh, long traceIdLow, boolean orphan) {
    observer.observeEnd(operation, traceIdHigh, traceIdLow, orphan, currentTick + 1, log);
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
        raised.add(describer.describe(stream, budget));
      }
    }
    edges.close(tick, settings, evidence);
    observer.closeTick();
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
    Stream stream = streams.find(service, channel);
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

  private List<StreamAlarm> active(double budget) {
    List<StreamAlarm> active = new ArrayList<>();
    for (Stream stream : streams) {
      if (stream.alarmed) {
        active.add(describer.describe(stream, budget));
      }
    }
    return active;
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
