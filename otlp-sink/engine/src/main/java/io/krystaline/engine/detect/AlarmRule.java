package io.krystaline.engine.detect;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A correction within a narrow scope: alarms of one stream that are no stronger than what was seen
 * to be harmless are not told. The stream itself goes on as ever.
 *
 * @param service whose stream it is about
 * @param channel what that stream measures
 * @param operation only alarms of which this operation carries the most evidence; null for all of
 *     the stream
 * @param multiplier only alarms below this many times their threshold, more than 1; null for all.
 *     With 3.3 at a threshold of 12.25 an alarm of 31.5 nats is quiet, one of 41 is not
 */
public record AlarmRule(
    String service, Channel channel, @Nullable String operation, @Nullable Double multiplier) {
  public AlarmRule {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(channel, "channel");
    if (multiplier != null && !(multiplier > 1 && multiplier < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("a multiplier is above 1, not " + multiplier);
    }
  }

  /** Whether an alarm of its stream is not told. */
  boolean quiets(StreamAlarm alarm) {
    boolean meant =
        operation == null
            || (!alarm.operations().isEmpty()
                && alarm.operations().get(0).operation().equals(operation));
    return meant && isBelow(alarm.nats(), alarm.threshold());
  }

  /** Whether evidence of this strength is within what the rule quiets. */
  public boolean isBelow(double nats, double threshold) {
    return multiplier == null || nats < multiplier * threshold;
  }
}
