package io.krystaline.sink.incident;

import java.time.Duration;

/**
 * The limits of the recorder.
 *
 * @param pendingMax states that wait to be committed while the database is slow or away; 10,000
 * @param retryInterval pause before the database is tried again; 1 second
 * @param stopLimit how long a stop goes on committing what waits; 10 seconds
 */
public record IncidentRecorderSettings(int pendingMax, Duration retryInterval, Duration stopLimit) {
  public IncidentRecorderSettings {
    if (pendingMax < 1) {
      throw new IllegalArgumentException("pendingMax is " + pendingMax + ", at least 1 is needed");
    }
    if (!retryInterval.isPositive() || !stopLimit.isPositive()) {
      throw new IllegalArgumentException(
          "retryInterval " + retryInterval + " and stopLimit " + stopLimit + " must be positive");
    }
  }

  /** The defaults. */
  public static IncidentRecorderSettings defaults() {
    return new IncidentRecorderSettings(10_000, Duration.ofSeconds(1), Duration.ofSeconds(10));
  }
}
