package io.krystaline.sink.store;

import org.jspecify.annotations.Nullable;

/** An {@link IncidentFilter} and a cursor as the conditions of a statement. */
final class IncidentConditions {
  private IncidentConditions() {}

  static Conditions of(IncidentFilter filter, @Nullable IncidentCursor cursor) {
    Conditions conditions = new Conditions();
    switch (filter.state()) {
      case OPEN -> conditions.add("end_ns IS NULL");
      case CLOSED -> conditions.add("end_ns IS NOT NULL");
      case ALL -> {}
    }
    conditions.add(":service = ANY(services)", "service", filter.service());
    conditions.add(":operation = ANY(operations)", "operation", filter.operation());
    if (filter.minSeverity() != null) {
      conditions.add("severity <= :severity", "severity", filter.minSeverity().level());
    }
    if (filter.priority() != null) {
      conditions.add("priority = :priority", "priority", filter.priority().ordinal());
    }
    conditions.add("(end_ns IS NULL OR end_ns >= :from)", "from", filter.fromNanos());
    conditions.add("start_ns < :until", "until", filter.untilNanos());
    if (cursor != null) {
      conditions.add("(start_ns, id) < (:lastStart, :lastId)", "lastStart", cursor.startNanos());
      conditions.value("lastId", cursor.id());
    }
    return conditions;
  }
}
