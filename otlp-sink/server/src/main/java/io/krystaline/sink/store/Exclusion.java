package io.krystaline.sink.store;

import io.krystaline.engine.span.OperationKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * An interval of event time of which some operations must not learn, as what they did then was not
 * normal. Statistics are kept by the hour, so it takes out every hour that it touches.
 *
 * @param id 0 before it is stored
 * @param incidentId the incident that covered the interval
 * @param services services of the incident; where there are no operations, all of theirs are meant
 * @param operations the operations that are meant
 * @param fromNanos its begin, inclusive, nanoseconds since the Unix epoch
 * @param untilNanos its end, exclusive
 * @param by who asked for it
 * @param created when
 * @param reason why; may be empty
 */
public record Exclusion(
    long id,
    String incidentId,
    List<String> services,
    List<OperationKey> operations,
    long fromNanos,
    long untilNanos,
    String by,
    Instant created,
    String reason) {
  private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();

  public Exclusion {
    Objects.requireNonNull(incidentId, "incidentId");
    services = List.copyOf(services);
    operations = List.copyOf(operations);
    Objects.requireNonNull(by, "by");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(reason, "reason");
    if (untilNanos <= fromNanos) {
      throw new IllegalArgumentException("an exclusion ends after it begins");
    }
  }

  /** Whether this operation is meant. */
  public boolean covers(OperationKey operation) {
    return operations.isEmpty()
        ? services.contains(operation.service())
        : operations.contains(operation);
  }

  /** The first hour that it touches, hours since the Unix epoch. */
  public long firstEpochHour() {
    return Math.floorDiv(fromNanos, HOUR_NANOS);
  }

  /** The last hour that it touches, hours since the Unix epoch. */
  public long lastEpochHour() {
    return Math.floorDiv(untilNanos - 1, HOUR_NANOS);
  }
}
