package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.krystaline.engine.score.Severity;
import io.krystaline.sink.store.Silence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A silence.
 *
 * @param service incidents that this service is blamed for; null for any
 * @param operation incidents that an operation of this name is blamed for; null for any
 * @param maxSeverity incidents of this severity and milder ones; null for any
 * @param active whether it silences anything now
 * @param endedAt when somebody ended it before its time; null where nobody has
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record SilenceView(
    long id,
    @Nullable String service,
    @Nullable String operation,
    @Nullable Integer maxSeverity,
    Instant createdAt,
    Instant until,
    String by,
    String comment,
    boolean active,
    @Nullable Instant endedAt,
    @Nullable String endedBy) {

  /** The view of a silence at a time. */
  public static SilenceView of(Silence silence, Instant now) {
    Severity severity = silence.maxSeverity();
    return new SilenceView(
        silence.id(),
        silence.service(),
        silence.operation(),
        severity == null ? null : (Integer) severity.level(),
        silence.created(),
        silence.until(),
        silence.createdBy(),
        silence.comment(),
        silence.isActive(now),
        silence.ended(),
        silence.endedBy());
  }
}
