package io.krystaline.bench.measure;

import java.time.Duration;

/**
 * How a sink is worn out.
 *
 * @param spansPerSecond the rate, of some 60 % of what it can take
 * @param inFlight messages that may be under way on each connection
 * @param intervals how many are measured, 4 or more
 * @param interval how long each is
 * @param slowReaders connections to the live stream that read nothing
 * @param newOperationsPerSecond spans a second of operations that were never seen before
 * @param databaseAway how long the database is away in the middle
 */
public record SoakSettings(
    double spansPerSecond,
    int inFlight,
    int intervals,
    Duration interval,
    int slowReaders,
    int newOperationsPerSecond,
    Duration databaseAway) {
  public SoakSettings {
    if (intervals < 4) {
      throw new IllegalArgumentException("a soak has 4 intervals or more, not " + intervals);
    }
    if (!(spansPerSecond > 0)) {
      throw new IllegalArgumentException("spansPerSecond is " + spansPerSecond);
    }
  }
}
