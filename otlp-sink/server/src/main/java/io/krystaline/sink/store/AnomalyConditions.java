package io.krystaline.sink.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** An {@link AnomalyFilter} and a cursor as the conditions of a statement. */
final class AnomalyConditions {
  private final List<String> conditions = new ArrayList<>();
  private final Map<String, Object> values = new HashMap<>();

  AnomalyConditions(AnomalyFilter filter, @Nullable AnomalyCursor cursor) {
    add("service = :service", "service", filter.service());
    add("operation = :operation", "operation", filter.operation());
    if (filter.minSeverity() != null) {
      add("severity <= :severity", "severity", filter.minSeverity().level());
    }
    add("start_ns >= :from", "from", filter.fromNanos());
    add("start_ns < :until", "until", filter.untilNanos());
    add("detected_ns >= :detectedSince", "detectedSince", filter.detectedSinceNanos());
    if (cursor != null) {
      add(
          "(start_ns, trace_id, span_id) < (:lastStart, :lastTrace, :lastSpan)",
          "lastStart",
          cursor.startNanos());
      values.put("lastTrace", IdBytes.of(cursor.traceId()));
      values.put("lastSpan", IdBytes.of(cursor.spanId()));
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
