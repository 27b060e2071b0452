package io.krystaline.sink.view;

import io.krystaline.sink.store.Exclusion;
import java.time.Instant;
import java.util.List;

/**
 * An interval that no baseline learns from.
 *
 * @param services services of the incident; where there are no operations, all of theirs are meant
 * @param from its begin in event time, inclusive
 * @param until its end, exclusive
 * @param hoursFrom begin of the first hour that is left out, as statistics are kept by the hour
 * @param hoursUntil end of the last hour that is left out
 */
public record ExclusionView(
    long id,
    String incidentId,
    List<String> services,
    List<IncidentView.OperationView> operations,
    Instant from,
    Instant until,
    Instant hoursFrom,
    Instant hoursUntil,
    String by,
    Instant at,
    String reason) {
  private static final long HOUR_SECONDS = 3_600;

  public ExclusionView {
    services = List.copyOf(services);
    operations = List.copyOf(operations);
  }

  /** The view of an exclusion. */
  public static ExclusionView of(Exclusion exclusion) {
    return new ExclusionView(
        exclusion.id(),
        exclusion.incidentId(),
        exclusion.services(),
        exclusion.operations().stream().map(IncidentView.OperationView::of).toList(),
        EpochNanos.toInstant(exclusion.fromNanos()),
        EpochNanos.toInstant(exclusion.untilNanos()),
        Instant.ofEpochSecond(exclusion.firstEpochHour() * HOUR_SECONDS),
        Instant.ofEpochSecond((exclusion.lastEpochHour() + 1) * HOUR_SECONDS),
        exclusion.by(),
        exclusion.created(),
        exclusion.reason());
  }
}
