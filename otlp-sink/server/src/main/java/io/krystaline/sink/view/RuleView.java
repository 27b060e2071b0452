package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.krystaline.sink.store.DetectionRule;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A correction of the detector.
 *
 * @param channel lower-case name of what the stream measures
 * @param operation null for the whole stream
 * @param multiplier the stream alarms beyond this many times its threshold; null where it is muted
 * @param muted whether the stream does not alarm at all
 * @param state lower-case name of its state
 * @param decidedAt null while it is proposed
 * @param effect what it would have changed; null where nobody has looked
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record RuleView(
    long id,
    String incidentId,
    String service,
    String channel,
    @Nullable String operation,
    @Nullable Double multiplier,
    boolean muted,
    String state,
    String reason,
    String by,
    Instant proposedAt,
    @Nullable Instant decidedAt,
    @Nullable String decidedBy,
    @JsonRawValue @Nullable String effect) {

  /** The view of a rule. */
  public static RuleView of(DetectionRule rule) {
    return new RuleView(
        rule.id(),
        rule.incidentId(),
        rule.service(),
        rule.channel().name().toLowerCase(Locale.ROOT),
        rule.operation(),
        rule.multiplier(),
        rule.multiplier() == null,
        rule.state().name().toLowerCase(Locale.ROOT),
        rule.reason(),
        rule.proposedBy(),
        rule.proposed(),
        rule.decided(),
        rule.decidedBy(),
        rule.effect());
  }
}
