package io.krystaline.sink.selftest;

import io.krystaline.sink.traffic.TrafficSettings;

/**
 * How large the test is.
 *
 * @param seed decides everything
 * @param rounds how often all is done, each time with another seed and a new detector
 * @param learnHours simulated hours that a detector learns from
 * @param repetitions faults of each kind in a round
 * @param cleanHours simulated hours without any fault, over all rounds
 * @param tracesPerSecond traffic, as in {@link TrafficSettings}
 * @param sampledShare share of the traces that is kept, as in {@link TrafficSettings}
 * @param falseIncidentsPerDay the budget that the detector was given
 */
public record SelfTestSettings(
    long seed,
    int rounds,
    double learnHours,
    int repetitions,
    double cleanHours,
    double tracesPerSecond,
    double sampledShare,
    double falseIncidentsPerDay) {
  /** Two rounds of a learned day, two faults of each kind and 50 clean hours. */
  public static final SelfTestSettings DEFAULT = new SelfTestSettings(1, 2, 24, 2, 100, 12, 1, 1);

  /** One round of a learned day, one fault of each kind and 6 clean hours. */
  public static final SelfTestSettings QUICK = new SelfTestSettings(1, 1, 24, 1, 6, 12, 1, 1);

  public SelfTestSettings {
    if (rounds < 1 || rounds > 100) {
      throw new IllegalArgumentException("rounds are 1 to 100, not " + rounds);
    }
    if (repetitions < 0 || repetitions > 100) {
      throw new IllegalArgumentException("repetitions are 0 to 100, not " + repetitions);
    }
    if (!(learnHours >= 0 && learnHours <= 24 * 28)) {
      throw new IllegalArgumentException("hours to learn are 0 to 672, not " + learnHours);
    }
    if (!(cleanHours >= 0 && cleanHours <= 10_000)) {
      throw new IllegalArgumentException("clean hours are 0 to 10,000, not " + cleanHours);
    }
    if (repetitions == 0 && cleanHours == 0) {
      throw new IllegalArgumentException("without faults and clean hours there is nothing to test");
    }
    if (!(falseIncidentsPerDay > 0)) {
      throw new IllegalArgumentException(
          "a budget is more than 0 false incidents a day, not " + falseIncidentsPerDay);
    }
  }

  /** Traffic of a round. */
  TrafficSettings traffic(int round) {
    return new TrafficSettings(seed + round, tracesPerSecond, sampledShare);
  }
}
