package io.krystaline.sink.store;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.Suspect;
import io.krystaline.engine.score.Severity;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * For some time nobody is told of some incidents. They are found, kept and shown as ever.
 *
 * @param id 0 before it is stored
 * @param service incidents that this service is blamed for; null for any
 * @param operation incidents that an operation of this name is blamed for; null for any
 * @param maxSeverity incidents of this severity and milder ones; null for any
 * @param until when it ends by itself
 * @param ended when somebody ended it before; null where nobody has
 * @param endedBy who did
 */
public record Silence(
    long id,
    @Nullable String service,
    @Nullable String operation,
    @Nullable Severity maxSeverity,
    Instant created,
    Instant until,
    String createdBy,
    String comment,
    @Nullable Instant ended,
    @Nullable String endedBy) {
  public Silence {
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(until, "until");
    Objects.requireNonNull(createdBy, "createdBy");
    Objects.requireNonNull(comment, "comment");
    if (!until.isAfter(created)) {
      throw new IllegalArgumentException("a silence ends after it begins, not at " + until);
    }
  }

  /** Whether it silences anything at a time. */
  public boolean isActive(Instant now) {
    return ended == null && now.isBefore(until);
  }

  /**
   * Whether it is about this incident. The blamed service is that of the first suspect, or the
   * first alarm's where there is no suspect: an incident that merely touches a silenced service is
   * told. Where the first suspect names no operation, each of the blamed service's is blamed.
   */
  public boolean covers(Incident incident) {
    if (maxSeverity != null && incident.severity().compareTo(maxSeverity) < 0) {
      return false;
    }
    Suspect suspect = incident.suspects().isEmpty() ? null : incident.suspects().getFirst();
    String blamed =
        suspect != null
            ? suspect.service()
            : incident.services().isEmpty() ? "" : incident.services().getFirst();
    if (service != null && !service.equals(blamed)) {
      return false;
    }
    if (operation == null) {
      return true;
    }
    if (suspect != null && suspect.operation() != null) {
      return operation.equals(suspect.operation());
    }
    return incident.operations().stream()
        .anyMatch(key -> key.service().equals(blamed) && key.operation().equals(operation));
  }
}
