package io.krystaline.sink.incident;

import io.krystaline.engine.incident.Evidence;
import io.krystaline.engine.incident.Incident;
import io.krystaline.sink.store.DetectionRule;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The narrow rule that an incident marked as false asks for: the stream of its first evidence has
 * to stand out more before it alarms. The threshold is raised so far that this evidence, and any
 * that is up to a quarter stronger, would not have alarmed: {@code 1.25 * nats / threshold},
 * rounded up to a tenth. Evidence of 31.5 nats at a threshold of 12.25 gives 3.3. Beyond {@value
 * #MULTIPLIER_MAX} no threshold would keep such a stream silent, and the rule mutes it.
 */
public final class RuleProposal {
  /** The largest multiplier that is proposed. */
  public static final double MULTIPLIER_MAX = 100;

  private static final double MARGIN = 1.25;

  private RuleProposal() {}

  /** The proposal; empty where the incident has no evidence. */
  public static Optional<DetectionRule> of(
      Incident incident, String reason, String by, Instant now) {
    if (incident.evidence().isEmpty()) {
      return Optional.empty();
    }
    Evidence first = incident.evidence().getFirst();
    return Optional.of(
        new DetectionRule(
            0,
            incident.id(),
            first.service(),
            first.channel(),
            null,
            multiplier(first),
            DetectionRule.State.PROPOSED,
            reason,
            by,
            now,
            null,
            null,
            null));
  }

  private static @Nullable Double multiplier(Evidence evidence) {
    double raised = Math.ceil(MARGIN * evidence.nats() / evidence.threshold() * 10) / 10;
    return raised > 1 && raised <= MULTIPLIER_MAX ? (Double) raised : null;
  }
}
