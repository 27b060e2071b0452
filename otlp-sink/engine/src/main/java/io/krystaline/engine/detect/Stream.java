package io.krystaline.engine.detect;

import io.krystaline.engine.span.TraceId;
import java.util.Arrays;
import java.util.List;

/**
 * One channel of one service: counts a block of observations, turns it into evidence, and tests the
 * sequence of blocks (Bernoulli CUSUM at three levels; Page 1954, Reynolds and Stoumbos 1999).
 * Owned by one thread.
 */
final class Stream {
  private static final double EFFECT = 3;

  /** So that three of ten is three times a tenth, in spite of the rounding of a tenth. */
  private static final double SLIP = 1e-9;

  /** A service of which fewer fail is taken to fail as often as this. */
  private static final double FAILING_MIN = 0.001;

  private static final double EFFECT_STRUCTURE = 4;
  private static final int TRACES_TO_TRUST = 3;
  private static final int TRACES_TO_TRUST_STRUCTURE = 25;
  private static final int TRACES_TO_TRUST_GREAT_EFFECT = 8;
  private static final double GREAT_EFFECT = 10;
  private static final double GREAT_EFFECT_SHARE = 0.05;
  private static final double SHIFTED_SHARE = 0.5;
  private static final double CAP = 1.3;
  private static final double SHRINK = 50;
  private static final double ROUNDING = 1.02;
  private static final double HIT_SUM_MIN = 3;
  private static final double TRAINED_FACTOR = 1.2;
  private static final double AUTOCORRELATION_PRIOR = 2;
  private static final double ACCEPTED_WEIGHT = 12;

  final int id;
  final int service;
  final Channel channel;
  private final boolean binary;

  // The block that is being counted.
  long blockSpans;
  final long[] blockHits = new long[Levels.COUNT];
  private double blockExpected;
  private long blockStartTick;

  // Since the sums were last zero.
  final double[] sums = new double[Levels.COUNT];
  private final double[] uncapped = new double[Levels.COUNT];
  private double strength;
  long runSpans;
  final long[] runHits = new long[Levels.COUNT];
  private double runExpected;
  int runTraces;
  long onsetTick;

  // What is normal.
  private final EvidenceHistory history = new EvidenceHistory();
  private double longSpans;
  private final double[] longHits = new double[Levels.COUNT];
  private double autoBlocks;
  private double autoHits;
  private double autoPairs;
  private boolean autoLast;
  private double trainedGreatest;

  // The alarm.
  boolean alarmed;
  long alarmTick;
  long lastHitTick;
  private long acceptedUntilTick = Long.MIN_VALUE;
  private long lastBlockTick = Long.MIN_VALUE;

  private final RecentTraces unusual = new RecentTraces();
  private final RecentTraces normal = new RecentTraces();
  final OperationWeights operations = new OperationWeights();

  Stream(int id, int service, Channel channel) {
    this.id = id;
    this.service = service;
    this.channel = channel;
    this.binary = channel == Channel.ERRORS || channel == Channel.ORPHANS;
  }

  /** Whether it is fed with counts by the season, not with single observations. */
  boolean isRate() {
    return channel == Channel.SURGE || channel == Channel.SILENCE;
  }

  /** Whether its observations are yes or no. */
  boolean isBinary() {
    return binary;
  }

  boolean isStructure() {
    return channel == Channel.FEW_CHILDREN || channel == Channel.RARE_CHILDREN;
  }

  /** The first level that counts: a rare signature at a tenth is only request mix. */
  int firstLevel() {
    return channel == Channel.RARE_CHILDREN ? 1 : 0;
  }

  /** Counts an observation. Of a trace all observations of a tick come together. */
  void observe(double pValue, int operation, long traceHigh, long traceLow, long tick) {
    if (blockSpans == 0) {
      blockStartTick = tick;
    }
    blockSpans++;
    if (isBinary() ? pValue >= 1 : pValue > Levels.of(firstLevel())) {
      normal.add(traceHigh, traceLow);
      return;
    }
    runTraces += unusual.addNew(traceHigh, traceLow) ? 1 : 0;
    operations.add(operation, -Math.log(pValue));
    for (int level = firstLevel(); level < Levels.COUNT; level++) {
      if (pValue <= Levels.of(level) || (isBinary() && level == 0)) {
        blockHits[level]++;
      }
    }
  }

  /** Notes, of a yes or no that is observed, how often it is usually yes. */
  void expect(double share) {
    blockExpected += Math.max(share, FAILING_MIN);
  }

  /** Counts a whole block of a rate. */
  void count(long spans, long fromTick) {
    blockStartTick = fromTick;
    blockSpans = spans;
  }

  /** Whether the block ends with this tick. */
  boolean isBlockDue(long tick, DetectionSettings settings) {
    return !isRate()
        && blockSpans > 0
        && (blockSpans >= settings.blockSpans()
            || tick - blockStartTick + 1 >= settings.blockTicksMax());
  }

  /** The evidence of the block: the greatest of the levels that stand out by enough. */
  double blockEvidence() {
    if (isBinary()) {
      return isMany(blockHits[0], blockExpected)
          ? Divergence.beyond(blockHits[0], blockExpected)
          : 0;
    }
    double evidence = 0;
    for (int level = firstLevel(); level < Levels.COUNT; level++) {
      double expected = expected(level);
      if (blockHits[level] > 0 && blockHits[level] >= EFFECT * expected * blockSpans - SLIP) {
        evidence = Math.max(evidence, Divergence.above(blockHits[level], blockSpans, expected));
      }
    }
    return evidence;
  }

  /** The level's share, or the stream's own long-run share where that is more. */
  double expected(int level) {
    double q = Levels.of(level);
    return Math.min(0.999, Math.max(q, (SHRINK * q + longHits[level]) / (SHRINK + longSpans)));
  }

  /**
   * Takes the block into the sums.
   *
   * @param silentTicks after this many ticks without data the sums start anew
   * @return whether the block was a hit at the first level
   */
  boolean test(long tick, double evidence, double threshold, long silentTicks, boolean weigh) {
    if (lastBlockTick != Long.MIN_VALUE && tick - lastBlockTick > silentTicks) {
      restart();
    }
    lastBlockTick = tick;
    boolean hit = false;
    double p = history.pValue(evidence);
    if (history.isReady() && tick >= acceptedUntilTick) {
      double weight = weigh ? independence() : 1;
      double cap = CAP * threshold;
      hit = p <= Levels.of(0) * ROUNDING;
      for (int level = 0; level < Levels.COUNT; level++) {
        double q = Levels.of(level);
        boolean beyond = p <= q * ROUNDING;
        double step = beyond ? SHIFTED_SHARE / q : (1 - SHIFTED_SHARE) / (1 - q);
        double nats = weight * Math.log(step);
        sums[level] = Math.min(Math.max(sums[level] + nats, 0), cap);
        uncapped[level] = Math.max(uncapped[level] + nats, 0);
        strength = Math.max(strength, uncapped[level]);
      }
    }
    if (greatestSum() <= 0) {
      endRun();
    } else {
      if (runSpans == 0) {
        onsetTick = blockStartTick;
      }
      runSpans += blockSpans;
      for (int level = 0; level < Levels.COUNT; level++) {
        runHits[level] += blockHits[level];
      }
      runExpected += blockExpected;
    }
    if (hit && greatestSum() >= HIT_SUM_MIN) {
      lastHitTick = tick;
    }
    return hit;
  }

  void clearBlock() {
    blockSpans = 0;
    for (int level = 0; level < Levels.COUNT; level++) {
      blockHits[level] = 0;
    }
    blockExpected = 0;
  }

  /**
   * Whether the evidence of the run is from enough traces, and of enough effect. Structure is
   * trusted from few traces only where the effect is great.
   */
  boolean isTrustworthy() {
    if (isRate()) {
      return true;
    }
    if (isBinary()) {
      return runTraces >= TRACES_TO_TRUST && isMany(runHits[0], runExpected);
    }
    if (!isStructure()) {
      return runTraces >= TRACES_TO_TRUST && hasEffect(EFFECT, 0);
    }
    return (runTraces >= TRACES_TO_TRUST_STRUCTURE && hasEffect(EFFECT_STRUCTURE, 0))
        || (runTraces >= TRACES_TO_TRUST_GREAT_EFFECT
            && hasEffect(GREAT_EFFECT, GREAT_EFFECT_SHARE));
  }

  private static boolean isMany(long count, double expected) {
    return count > 0 && count >= EFFECT * expected - SLIP;
  }

  /**
   * Whether at some level the run's share is so many times the expected one, and at least so much.
   */
  private boolean hasEffect(double times, double shareMin) {
    for (int level = firstLevel(); level < Levels.COUNT; level++) {
      double share = Math.max(times * expected(level), shareMin);
      if (runHits[level] > 0 && runHits[level] >= share * runSpans - SLIP) {
        return true;
      }
    }
    return false;
  }

  /** The level of the run that stands out most, for an explanation. */
  int strongestLevel() {
    int strongest = firstLevel();
    double most = -1;
    for (int level = firstLevel(); level < Levels.COUNT; level++) {
      double nats =
          runSpans == 0
              ? 0
              : Divergence.above(Math.min(runHits[level], runSpans), runSpans, Levels.of(level));
      if (nats > most) {
        most = nats;
        strongest = level;
      }
    }
    return strongest;
  }

  double greatestSum() {
    return Math.max(sums[0], Math.max(sums[1], sums[2]));
  }

  /** The greatest sum since the run began, as it would have been without the cap. */
  double strength() {
    return strength;
  }

  /** The threshold of this stream: the budget's, or more where its training needed it. */
  double threshold(double budgetNats) {
    return Math.max(budgetNats, TRAINED_FACTOR * trainedGreatest);
  }

  void noteTraining() {
    trainedGreatest = Math.max(trainedGreatest, greatestSum());
  }

  boolean isReady() {
    return history.isReady();
  }

  /** Learns a block that was normal. */
  void learn(long spans, long hits0, long hits1, long hits2, double evidence, boolean hit) {
    longSpans += spans;
    longHits[0] += hits0;
    longHits[1] += hits1;
    longHits[2] += hits2;
    history.learn(evidence);
    autoBlocks++;
    autoHits += hit ? 1 : 0;
    autoPairs += hit && autoLast ? 1 : 0;
    autoLast = hit;
  }

  void decay(double factor) {
    longSpans *= factor;
    for (int level = 0; level < Levels.COUNT; level++) {
      longHits[level] *= factor;
    }
  }

  /**
   * {@code (1 - r) / (1 + r)} with the lag-1 autocorrelation r of the hits: blocks that repeat each
   * other count for less.
   */
  private double independence() {
    if (autoBlocks == 0) {
      return 1;
    }
    double share = autoHits / autoBlocks;
    double correlation =
        Math.max(
            0, (autoPairs - autoHits * share) / (autoHits * (1 - share) + AUTOCORRELATION_PRIOR));
    return (1 - correlation) / (1 + correlation);
  }

  double autoBlocks() {
    return autoBlocks;
  }

  /** Forgets the sums, after an alarm or a gap. */
  void restart() {
    for (int level = 0; level < Levels.COUNT; level++) {
      sums[level] = 0;
    }
    endRun();
  }

  /** Forgets all but what is normal. */
  void endStream() {
    restart();
    clearBlock();
    alarmed = false;
    acceptedUntilTick = Long.MIN_VALUE;
    lastBlockTick = Long.MIN_VALUE;
  }

  private void endRun() {
    strength = 0;
    Arrays.fill(uncapped, 0);
    runSpans = 0;
    runTraces = 0;
    unusual.clear();
    operations.clear();
    for (int level = 0; level < Levels.COUNT; level++) {
      runHits[level] = 0;
    }
    runExpected = 0;
  }

  /** Takes what the alarm saw as the new normal: learns fast and stays silent meanwhile. */
  void accept(long untilTick) {
    history.scaleTo(ACCEPTED_WEIGHT);
    acceptedUntilTick = untilTick;
    restart();
  }

  boolean isAccepting(long tick) {
    return tick < acceptedUntilTick;
  }

  void learnEvidence(double evidence) {
    history.learn(evidence);
  }

  /** The last traces with unusual observations, at most eight. */
  List<TraceId> unusualTraces() {
    return unusual.ids();
  }

  /** The last traces with normal observations, at most eight. */
  List<TraceId> normalTraces() {
    return normal.ids();
  }
}
