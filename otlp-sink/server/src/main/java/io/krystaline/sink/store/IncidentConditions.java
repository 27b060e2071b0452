package io.krystaline.sink.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** An {@link IncidentFilter} and a cursor as the conditions of a statement. */
final class IncidentConditions {
  private final List<String> conditions = new ArrayList<>();
  private final Map<String, Object> values = new HashMap<>();

  IncidentConditions(IncidentFilter filter, @Nullable IncidentCursor cursor) {
    switch (filter.state()) {
      case OPEN -> conditions.add("end_ns IS NULL");
      case CLOSED -> conditions.add("end_ns IS NOT NULL");
      case ALL -> {}
    }
    add(":service = ANY(services)", "service", filter.service());
    add(":operation = ANY(operations)", "operation", filter.operation());
    if (filter.minSeverity() != null) {
      add("severity <= :severity", "severity", filter.minSeverity().level());
    }
    if (filter.priority() != null) {
      add("priority = :priority", "priority", filter.priority().ordinal());
    }
    add("(end_ns IS NULL OR end_ns >= :from)", "from", filter.fromNanos());
    add("start_ns < :until", "until", filter.untilNanos());
    if (cursor != null) {
      add("(start_ns, id) < (:lastStart, :lastId)", "lastStart", cursor.startNanos());
      values.put("lastId", cursor.id());
    }
  }

  private void add(String condition, String name, @Nullable Object value) {
    if (value != null) {
      conditions.add(condition);
      values.put(name, value);
    }
  }

  /** {@code WHERE ...}, or nothing. */
  String where() {
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  Query bind(Query query) {
    return query.bindMap(values);
  }
}
