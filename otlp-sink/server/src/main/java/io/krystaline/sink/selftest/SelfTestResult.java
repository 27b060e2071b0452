package io.krystaline.sink.selftest;

import io.krystaline.sink.judge.Judgement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the test gave, as it is written as JSON.
 *
 * @param settings how large the test was
 * @param bounds what was asked for
 * @param spans spans that were simulated and taken in
 * @param seconds machine time
 * @param spansPerSecond of simulation, decoding and detection together
 * @param simulatedHours learned and watched
 * @param precision share of the incidents that opened in a fault or its tail; null without any
 * @param repeated incidents beyond the first in the same fault and its tail
 * @param judgement faults and clean hours together
 * @param falseIncidents incidents that opened outside of faults and tails, in all fault-free hours
 * @param cleanFalseIncidents those of them in the clean hours alone
 * @param failures which bounds were missed, in words; empty where the test is passed
 */
public record SelfTestResult(
    SelfTestSettings settings,
    SelfTestBounds bounds,
    long spans,
    double seconds,
    double spansPerSecond,
    double simulatedHours,
    @Nullable Double precision,
    int repeated,
    Judgement judgement,
    FalseRate falseIncidents,
    FalseRate cleanFalseIncidents,
    List<String> failures) {
  public SelfTestResult {
    failures = List.copyOf(failures);
  }

  /** Whether all bounds were kept. */
  public boolean passed() {
    return failures.isEmpty();
  }

  /**
   * A rate of false incidents and what is known of it.
   *
   * @param count how many there were
   * @param hours in so many simulated hours
   * @param perDay the rate
   * @param perDayLower lower end of its 95 % confidence interval
   * @param perDayUpper upper end
   */
  public record FalseRate(
      int count, double hours, double perDay, double perDayLower, double perDayUpper) {
    private static final double CONFIDENCE = 0.95;
    private static final double HOURS_PER_DAY = 24;

    static FalseRate of(int count, double hours) {
      PoissonInterval interval = PoissonInterval.of(count, CONFIDENCE);
      double days = hours / HOURS_PER_DAY;
      return days > 0
          ? new FalseRate(
              count, hours, count / days, interval.lower() / days, interval.upper() / days)
          : new FalseRate(count, 0, 0, 0, Double.POSITIVE_INFINITY);
    }

    /** Whether the rate is beyond the budget with that confidence. */
    boolean exceeds(double perDayMax) {
      return perDayLower > perDayMax;
    }
  }
}
