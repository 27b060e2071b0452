package io.krystaline.sink.recalculate;

import java.time.Duration;

/**
 * When and how baselines are recalculated.
 *
 * @param cron when the nightly run is due, in the time zone of the baselines; {@code "0 3 * * *"}
 * @param batch how many baselines are stored and installed at a time; 200
 * @param renewInterval how often a run says that it is alive; 5 seconds
 * @param checkInterval how often the schedule is looked at; 10 seconds
 * @param stopLimit how long a stop waits for a run; 10 seconds
 */
public record RecalculationSettings(
    String cron, int batch, Duration renewInterval, Duration checkInterval, Duration stopLimit) {
  public RecalculationSettings {
    if (batch < 1) {
      throw new IllegalArgumentException("batch is " + batch + ", at least 1 is needed");
    }
    if (!renewInterval.isPositive() || !checkInterval.isPositive() || !stopLimit.isPositive()) {
      throw new IllegalArgumentException(
          "renewInterval %s, checkInterval %s and stopLimit %s must be positive"
              .formatted(renewInterval, checkInterval, stopLimit));
    }
  }

  /** The defaults. */
  public static RecalculationSettings defaults() {
    return new RecalculationSettings(
        "0 3 * * *", 200, Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10));
  }
}
