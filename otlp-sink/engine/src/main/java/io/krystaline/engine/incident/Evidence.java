package io.krystaline.engine.incident;

import io.krystaline.engine.detect.Channel;
import java.util.Objects;

/**
 * Why one stream of an incident is in alarm.
 *
 * @param service the stream's service
 * @param channel what was measured
 * @param sinceNanos the first tick of the run that led to the alarm, nanoseconds since the epoch
 * @param spans observations in that run
 * @param exceeding those of them beyond {@code level}
 * @param level the level at which they stand out most: 0.1, 0.01 or 0.001 of normal observations
 *     lie beyond it
 * @param nats how strong it has been: the greatest value of the sequential test, which alarms from
 *     {@code threshold} on
 * @param threshold nats that the alarm budget asks for
 * @param text one sentence for a person
 */
public record Evidence(
    String service,
    Channel channel,
    long sinceNanos,
    long spans,
    long exceeding,
    double level,
    double nats,
    double threshold,
    String text) {
  public Evidence {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(text, "text");
  }
}
