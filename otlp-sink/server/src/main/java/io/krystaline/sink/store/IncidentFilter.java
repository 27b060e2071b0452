package io.krystaline.sink.store;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which incidents are wanted. A null field does not restrict. Begin with {@link #ALL} and narrow
 * it.
 *
 * @param state open, closed or both
 * @param service one of its services, exactly
 * @param operation the name of one of its operations, exactly
 * @param minSeverity this severity and all worse ones
 * @param fromNanos those that lasted until this event time or longer, nanoseconds since the epoch
 * @param untilNanos those that began before this event time, nanoseconds since the epoch
 */
public record IncidentFilter(
    State state,
    @Nullable String service,
    @Nullable String operation,
    @Nullable Severity minSeverity,
    @Nullable Priority priority,
    @Nullable Long fromNanos,
    @Nullable Long untilNanos) {
  /** Every incident. */
  public static final IncidentFilter ALL =
      new IncidentFilter(State.ALL, null, null, null, null, null, null);

  public IncidentFilter {
    Objects.requireNonNull(state, "state");
  }

  /** Whether it has ended. */
  public enum State {
    OPEN,
    CLOSED,
    ALL
  }

  /** This filter, for one state. */
  public IncidentFilter state(State wanted) {
    return new IncidentFilter(
        wanted, service, operation, minSeverity, priority, fromNanos, untilNanos);
  }

  /** This filter, for one service. */
  public IncidentFilter service(@Nullable String name) {
    return new IncidentFilter(state, name, operation, minSeverity, priority, fromNanos, untilNanos);
  }

  /** This filter, for one operation name. */
  public IncidentFilter operation(@Nullable String name) {
    return new IncidentFilter(state, service, name, minSeverity, priority, fromNanos, untilNanos);
  }

  /** This filter, for this severity and all worse ones. */
  public IncidentFilter minSeverity(@Nullable Severity severity) {
    return new IncidentFilter(state, service, operation, severity, priority, fromNanos, untilNanos);
  }

  /** This filter, for one priority. */
  public IncidentFilter priority(@Nullable Priority wanted) {
    return new IncidentFilter(
        state, service, operation, minSeverity, wanted, fromNanos, untilNanos);
  }

  /** This filter, for incidents that lasted at some time of an interval. */
  public IncidentFilter between(@Nullable Long from, @Nullable Long until) {
    return new IncidentFilter(state, service, operation, minSeverity, priority, from, until);
  }

  /** Whether the incident is one of those wanted. */
  public boolean matches(Incident incident) {
    boolean stateFits =
        switch (state) {
          case OPEN -> incident.isOpen();
          case CLOSED -> !incident.isOpen();
          case ALL -> true;
        };
    return stateFits
        && (service == null || incident.services().contains(service))
        && (operation == null
            || incident.operations().stream().anyMatch(key -> key.operation().equals(operation)))
        && (minSeverity == null || incident.severity().compareTo(minSeverity) <= 0)
        && (priority == null || incident.priority() == priority)
        && (fromNanos == null || incident.isOpen() || incident.endNanos() >= fromNanos)
        && (untilNanos == null || incident.startNanos() < untilNanos);
  }
}
