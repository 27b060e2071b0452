package io.krystaline.sink.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The conditions of a statement, all of which must hold, and the values that they name. */
final class Conditions {
  private final List<String> conditions = new ArrayList<>();
  private final Map<String, Object> values = new HashMap<>();

  /** Adds a condition without a value. */
  void add(String condition) {
    conditions.add(condition);
  }

  /** Adds a condition and its value, if there is a value. */
  void add(String condition, String name, @Nullable Object value) {
    if (value != null) {
      conditions.add(condition);
      values.put(name, value);
    }
  }

  /** A further value that a condition names. */
  void value(String name, Object value) {
    values.put(name, value);
  }

  /** {@code WHERE ...}, or nothing. */
  String where() {
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  Query bind(Query query) {
    return query.bindMap(values);
  }
}
