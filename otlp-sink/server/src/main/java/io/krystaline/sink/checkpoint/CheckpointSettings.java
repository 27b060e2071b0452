package io.krystaline.sink.checkpoint;

import java.time.Duration;

/**
 * How often statistics are stored.
 *
 * @param interval pause between two checkpoints, which is what a kill can lose; 5 seconds
 * @param rowsMax most rows of one transaction; 2,000
 * @param attemptsMax how often a transaction that the database refuses for another reason than
 *     being away is repeated before its rows are given up, counted; 3
 * @param stopLimit how long a stop waits for a checkpoint under way; 10 seconds
 */
public record CheckpointSettings(
    Duration interval, int rowsMax, int attemptsMax, Duration stopLimit) {
  public CheckpointSettings {
    if (!interval.isPositive() || !stopLimit.isPositive()) {
      throw new IllegalArgumentException(
          "interval " + interval + " and stopLimit " + stopLimit + " must be positive");
    }
    if (rowsMax < 1 || attemptsMax < 1) {
      throw new IllegalArgumentException(
          "rowsMax " + rowsMax + " and attemptsMax " + attemptsMax + " must be 1 or more");
    }
  }

  /** The defaults. */
  public static CheckpointSettings defaults() {
    return new CheckpointSettings(Duration.ofSeconds(5), 2_000, 3, Duration.ofSeconds(10));
  }
}
