package io.krystaline.sink.judge;

import java.time.Duration;

/**
 * How generously incidents are judged.
 *
 * @param lateness how long after a fault's end an incident may still open and count as finding it
 * @param tail how long after a fault's end an incident is not false
 */
public record JudgeSettings(Duration lateness, Duration tail) {
  /** 60 s to find it, 120 s without false incidents. */
  public static final JudgeSettings DEFAULT =
      new JudgeSettings(Duration.ofSeconds(60), Duration.ofSeconds(120));

  public JudgeSettings {
    if (lateness.isNegative() || tail.isNegative()) {
      throw new IllegalArgumentException(
          "lateness and tail can't be negative: " + lateness + ", " + tail);
    }
  }
}
