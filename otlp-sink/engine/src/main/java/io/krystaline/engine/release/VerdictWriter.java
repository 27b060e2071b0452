package io.krystaline.engine.release;

import io.krystaline.engine.assemble.OperationIndex;
import io.krystaline.engine.span.OperationKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Puts trials into numbers and words. */
final class VerdictWriter {
  private static final int REASONS_MAX = 5;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_MICRO = 1e3;

  private final OperationIndex operations;
  private final long tickNanos;

  VerdictWriter(OperationIndex operations, long tickNanos) {
    this.operations = operations;
    this.tickNanos = tickNanos;
  }

  /** The operations that a trial compared, the one with the most evidence first. */
  List<ReleaseState.Reason> reasons(TrackedVersion version, Trial trial) {
    List<ReleaseState.Reason> reasons = new ArrayList<>();
    for (OperationTally operation : trial.byEvidence()) {
      OperationTally old = trial.old.find(operation.operation);
      if (old != null && reasons.size() < REASONS_MAX) {
        reasons.add(reason(version, trial, operation, old));
      }
    }
    return reasons;
  }

  private ReleaseState.Reason reason(
      TrackedVersion version, Trial trial, OperationTally operation, OperationTally old) {
    OperationKey key = operations.key(operation.operation);
    long spans = operation.trialCounts[0];
    double failedShare = operation.trialCounts[3] / (double) spans;
    double nats =
        trial.measure() == Measure.FAILED ? operation.wealth.failing() : operation.wealth.slower();
    return new ReleaseState.Reason(
        key.operation(),
        key.kind(),
        Math.round(old.trailing.total()),
        spans,
        old.trailing.quantileNanos(0.5),
        operation.onTrial.quantileNanos(0.5),
        old.trailing.quantileNanos(0.95),
        operation.onTrial.quantileNanos(0.95),
        old.failedShare(),
        failedShare,
        Trial.pValue(nats),
        text(version, trial, key, operation, old));
  }

  private String text(
      TrackedVersion version,
      Trial trial,
      OperationKey key,
      OperationTally operation,
      OperationTally old) {
    String verdict =
        switch (version.verdict) {
          case SLOWER -> "is slower than";
          case MORE_FAILING -> "fails more than";
          case NO_DIFFERENCE_FOUND -> "shows no difference from";
          case UNDECIDED, NOT_JUDGED -> "is compared with";
        };
    String numbers =
        trial.measure() == Measure.FAILED
            ? String.format(
                Locale.ROOT,
                "%.1f -> %.1f %% failed",
                100 * old.failedShare(),
                100.0 * operation.trialCounts[3] / operation.trialCounts[0])
            : times(old, operation, 0.95) > times(old, operation, 0.5)
                ? "p95 " + change(old, operation, 0.95)
                : "p50 " + change(old, operation, 0.5);
    return String.format(
        Locale.ROOT,
        "version %s of %s %s %s: %s on %s (%,d against %,d spans)",
        version.release.version(),
        key.service(),
        verdict,
        trial.previous.version(),
        numbers,
        key.operation(),
        operation.trialCounts[0],
        Math.round(old.trailing.total()));
  }

  private static double times(OperationTally old, OperationTally now, double quantile) {
    return now.onTrial.quantileNanos(quantile)
        / (double) Math.max(1, old.trailing.quantileNanos(quantile));
  }

  private static String change(OperationTally old, OperationTally now, double quantile) {
    long before = old.trailing.quantileNanos(quantile);
    long after = now.onTrial.quantileNanos(quantile);
    boolean millis = Math.max(before, after) >= NANOS_PER_MILLI;
    double unit = millis ? NANOS_PER_MILLI : NANOS_PER_MICRO;
    return number(before / unit) + " -> " + number(after / unit) + (millis ? " ms" : " µs");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value);
  }

  /** All that is known of a version. */
  ReleaseState state(TrackedVersion version) {
    return new ReleaseState(
        version.release.service(),
        version.release.version(),
        version.previousVersion,
        nanos(version.firstTick),
        nanos(version.lastTick),
        version.spans,
        version.verdict,
        nanos(version.sinceTick),
        version.reasons);
  }

  private long nanos(long tick) {
    return (tick + 1) * tickNanos;
  }
}
