package io.krystaline.sink.store;

import io.krystaline.engine.detect.AlarmRule;
import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.incident.Evidence;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A correction of the detector within a narrow scope, which came out of an incident that a person
 * marked as false.
 *
 * @param id 0 before it is stored
 * @param incidentId the incident that was marked
 * @param service whose stream it is about
 * @param channel what that stream measures
 * @param operation the one operation that it is about; null for the whole stream
 * @param multiplier the stream alarms only beyond this many times its threshold, above 1; null
 *     where it does not alarm at all
 * @param reason why the incident was false
 * @param decided when it was last accepted or reverted; null while it is proposed
 * @param effect what it would have changed, as JSON; null where nobody has looked
 */
public record DetectionRule(
    long id,
    String incidentId,
    String service,
    Channel channel,
    @Nullable String operation,
    @Nullable Double multiplier,
    State state,
    String reason,
    String proposedBy,
    Instant proposed,
    @Nullable Instant decided,
    @Nullable String decidedBy,
    @Nullable String effect) {
  public DetectionRule {
    Objects.requireNonNull(incidentId, "incidentId");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(proposedBy, "proposedBy");
    Objects.requireNonNull(proposed, "proposed");
    if (multiplier != null && !(multiplier > 1 && multiplier < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("a multiplier is above 1, not " + multiplier);
    }
  }

  /** Only an accepted rule changes what the detector does. */
  public enum State {
    PROPOSED,
    ACCEPTED,
    REVERTED
  }

  /** What the detector makes of it. */
  public AlarmRule alarmRule() {
    return new AlarmRule(service, channel, operation, multiplier);
  }

  /**
   * Whether this evidence would not have been an alarm under this rule. Evidence does not say which
   * operation carries it, so a rule about one operation is not known to quiet it.
   */
  public boolean quiets(Evidence evidence) {
    return operation == null
        && service.equals(evidence.service())
        && channel == evidence.channel()
        && alarmRule().isBelow(evidence.nats(), evidence.threshold());
  }
}
