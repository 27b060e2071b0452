package io.krystaline.engine.release;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A new version against the old one, tick by tick: a {@link Wealth} over all operations together,
 * one for each operation, and their weighted mean, {@code K = K_all / 2 + sum K_i / (2 i (i + 1))}
 * for the i-th operation met, which is a test of the same kind. The level of the trial is halved
 * between slower and failing. Owned by one thread.
 *
 * <p>What the old version does in the same tick raises the bound: what slows both is no difference.
 */
final class Trial {
  static final long SPANS_MIN = 20;
  static final long SPANS_TO_ACQUIT = 200;
  private static final int TICKS_MIN = 8;
  private static final double BOUND_MAX = 0.9;
  private static final double PRIOR_SPANS = 4;
  private static final double LN_2 = Math.log(2);

  /** Evidence of one in twenty against one operation. */
  private static final double SUSPICIOUS_NATS = Math.log(20);

  final Release previous;
  final VersionTally old;
  final long firstTick;
  private final VersionTally tried;
  private final Wealth together = new Wealth();
  private final Acquittal acquittal = new Acquittal();
  private final double[] boundSum = new double[Measure.COUNT];
  private double thresholdNats = Double.NaN;
  private int ticks;
  private long spans;
  private double slowerNats;
  private double failingNats;
  private boolean worse;

  // The alarm that a verdict raises.
  boolean alarmed;
  long alarmTick;
  long lastHitTick;

  /** Whether it is decided, one way or the other, or given up. */
  boolean over;

  Trial(Release previous, VersionTally old, VersionTally tried, long firstTick) {
    this.previous = previous;
    this.old = old;
    this.tried = tried;
    this.firstTick = firstTick;
  }

  /** Whether there is anything in this tick to judge by. */
  boolean isDue() {
    for (OperationTally operation : tried.operations()) {
      if (operation.counts.tick[0] > 0 && isJudged(old.find(operation.operation))) {
        return true;
      }
    }
    return false;
  }

  private boolean isJudged(@Nullable OperationTally before) {
    return before != null && before.hasMarks() && !Double.isNaN(old.all.bound(Measure.FAILED));
  }

  /** Whether its level was set. */
  boolean isOpen() {
    return !Double.isNaN(thresholdNats);
  }

  /** Sets its level: the probability that it convicts a version that is no worse. */
  void open(double level) {
    thresholdNats = Math.log(2 / level);
  }

  /**
   * Judges by the ticks of both versions.
   *
   * @return whether the version was worse than its bound in this tick, by the measure that counts:
   *     all operations together, or one that there is evidence against
   */
  boolean judge() {
    worse = false;
    long[] sum = new long[Measure.COUNT + 1];
    double[] bounds = new double[Measure.COUNT];
    double operations = Double.NEGATIVE_INFINITY;
    double failing = Double.NEGATIVE_INFINITY;
    int turn = 0;
    for (OperationTally operation : tried.operations()) {
      OperationTally before = old.find(operation.operation);
      turn++;
      if (before != null && isJudged(before)) {
        judge(operation, before, sum, bounds);
      }
      double weight = Math.log((double) turn * (turn + 1));
      operations = Wealth.logSum(operations, operation.wealth.slower() - weight);
      failing = Wealth.logSum(failing, operation.wealth.failing() - weight);
    }
    if (sum[0] > 0) {
      ticks++;
      spans += sum[0];
      judgeTogether(sum, bounds);
    }
    double unspent = -Math.log(turn + 1.0);
    slowerNats = Wealth.logSum(together.slower(), operations, unspent) - LN_2;
    failingNats = Wealth.logSum(together.failing(), failing, unspent) - LN_2;
    int measure = measure().ordinal();
    return worse || (sum[0] > 0 && sum[measure + 1] > bounds[measure]);
  }

  private void judge(OperationTally tally, OperationTally before, long[] sum, double[] bounds) {
    long[] tick = tally.counts.tick;
    long count = tick[0];
    if (count == 0) {
      return;
    }
    sum[0] += count;
    tally.trialCounts[0] += count;
    for (Measure measure : Measure.values()) {
      int i = measure.ordinal();
      double own = before.counts.bound(measure);
      double usual = Double.isNaN(own) ? old.all.bound(measure) : own;
      double bound = atLeast(usual, before.counts.tick, measure);
      sum[i + 1] += tick[i + 1];
      tally.trialCounts[i + 1] += tick[i + 1];
      bounds[i] += count * bound;
      if (!Double.isNaN(own) && bound < BOUND_MAX) {
        tally.wealth.bet(measure, tick[i + 1] / (double) count, bound);
      }
      worse |= tick[i + 1] > count * bound && nats(tally, measure) >= SUSPICIOUS_NATS;
    }
  }

  /** The bound, or the old version's share in this very tick where that is more. */
  private static double atLeast(double bound, long[] tick, Measure measure) {
    double now = (tick[measure.ordinal() + 1] + PRIOR_SPANS * bound) / (tick[0] + PRIOR_SPANS);
    return Math.max(bound, now);
  }

  private void judgeTogether(long[] sum, double[] bounds) {
    for (Measure measure : Measure.values()) {
      int i = measure.ordinal();
      double share = sum[i + 1] / (double) sum[0];
      double usual = old.all.bound(measure);
      if (usual < BOUND_MAX) {
        acquittal.bet(measure, share, usual);
      }
      double bound = Math.max(bounds[i] / sum[0], usual);
      boundSum[i] += bounds[i];
      if (bound < BOUND_MAX) {
        together.bet(measure, share, bound);
      }
    }
  }

  private static double nats(OperationTally operation, Measure measure) {
    return measure == Measure.FAILED ? operation.wealth.failing() : operation.wealth.slower();
  }

  /** The measure with the most evidence. */
  Measure measure() {
    return failingNats > slowerNats ? Measure.FAILED : together.slowest();
  }

  /** ln of the wealth against it, by the measure with the most. */
  double nats() {
    return Math.max(slowerNats, failingNats);
  }

  double thresholdNats() {
    return thresholdNats;
  }

  /** The probability of so much wealth, were the version no worse, at the most. */
  static double pValue(double nats) {
    return Math.min(1, Math.exp(-nats));
  }

  /** What is to be said of the version now. */
  Verdict verdict() {
    if (isOpen() && spans >= SPANS_MIN && ticks >= TICKS_MIN && nats() >= thresholdNats) {
      return failingNats > slowerNats ? Verdict.MORE_FAILING : Verdict.SLOWER;
    }
    return spans >= SPANS_TO_ACQUIT && acquittal.isReached() && !isAnySuspicious()
        ? Verdict.NO_DIFFERENCE_FOUND
        : Verdict.UNDECIDED;
  }

  /** Whether there is some evidence against a single operation, though not enough. */
  private boolean isAnySuspicious() {
    for (OperationTally operation : tried.operations()) {
      double most = Math.max(operation.wealth.slower(), operation.wealth.failing());
      if (most >= SUSPICIOUS_NATS) {
        return true;
      }
    }
    return false;
  }

  /** The divergence of all spans from their bounds, nats: comparable with other streams' ticks. */
  double evidence() {
    int i = measure().ordinal() + 1;
    long count = 0;
    long beyond = 0;
    for (OperationTally operation : tried.operations()) {
      count += operation.trialCounts[0];
      beyond += operation.trialCounts[i];
    }
    double share = beyond / (double) Math.max(1, count);
    double bound = Math.min(0.99, boundSum[i - 1] / Math.max(1, count));
    if (count == 0 || share <= bound) {
      return 0;
    }
    double rest = share >= 1 ? 0 : (1 - share) * Math.log((1 - share) / (1 - bound));
    return count * (share * Math.log(share / bound) + rest);
  }

  /** The operations, the one with the most evidence first. */
  List<OperationTally> byEvidence() {
    List<OperationTally> order = new ArrayList<>(tried.operations());
    order.removeIf(operation -> operation.trialCounts[0] == 0);
    order.sort(
        Comparator.comparingDouble((OperationTally one) -> -nats(one, measure()))
            .thenComparingLong(one -> -one.trialCounts[0]));
    return order;
  }
}
