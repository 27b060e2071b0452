package io.krystaline.sink.checkpoint;

import java.time.Duration;

/**
 * How often statistics are stored.
 *
 * @param interval pause between two checkpoints, 5 seconds; a kill can lose what was learned since
 *     the last one, or with more operations than {@code operationsMax} in as many intervals as
 *     these make checkpoints
 * @param operationsMax most operations of one periodic checkpoint, 2,000; the next goes on with the
 *     others. Where half of the statistics that may wait do, it takes all
 * @param rowsMax most rows of one transaction; 2,000
 * @param attemptsMax how often a transaction that the database refuses for another reason than
 *     being away is repeated before its rows are given up, counted; 3
 * @param stopLimit how long a stop waits for a checkpoint under way; 10 seconds
 */
public record CheckpointSettings(
    Duration interval, int operationsMax, int rowsMax, int attemptsMax, Duration stopLimit) {
  public CheckpointSettings {
    if (!interval.isPositive() || !stopLimit.isPositive()) {
      throw new IllegalArgumentException(
          "interval " + interval + " and stopLimit " + stopLimit + " must be positive");
    }
    if (operationsMax < 1 || rowsMax < 1 || attemptsMax < 1) {
      throw new IllegalArgumentException(
          "operationsMax %d, rowsMax %d and attemptsMax %d must be 1 or more"
              .formatted(operationsMax, rowsMax, attemptsMax));
    }
  }

  /** The defaults. */
  public static CheckpointSettings defaults() {
    return new CheckpointSettings(Duration.ofSeconds(5), 2_000, 2_000, 3, Duration.ofSeconds(10));
  }
}
