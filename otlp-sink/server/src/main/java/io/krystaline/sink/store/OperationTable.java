package io.krystaline.sink.store;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.platform.db.SqlArray;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * The table {@code operation}: numbers for keys. Keys are {@linkplain StoredText cleaned} before.
 */
final class OperationTable {
  /** By service, operation, kind. */
  static final Comparator<OperationKey> ORDER =
      Comparator.comparing(OperationKey::service)
          .thenComparing(OperationKey::operation)
          .thenComparing(OperationKey::kind);

  private static final String WANTED =
      " unnest(:service, :name, :kind) AS wanted(service, name, kind) ";

  private OperationTable() {}

  /** The numbers of those that are known. */
  static Map<OperationKey, Integer> find(Handle handle, Collection<OperationKey> keys) {
    List<OperationKey> wanted = keys.stream().distinct().sorted(ORDER).toList();
    Map<OperationKey, Integer> ids = new HashMap<>();
    handle
        .createQuery(
            "SELECT id, service, name, kind FROM operation JOIN"
                + WANTED
                + "USING (service, name, kind)")
        .bind("service", SqlArray.ofTexts(services(wanted)))
        .bind("name", SqlArray.ofTexts(names(wanted)))
        .bind("kind", SqlArray.ofInts(kinds(wanted)))
        .map((row, context) -> Map.entry(key(row), row.getInt("id")))
        .forEach(entry -> ids.put(entry.getKey(), entry.getValue()));
    return ids;
  }

  /** The numbers of all; those that are not known are added. */
  static Map<OperationKey, Integer> findOrAdd(Handle handle, Collection<OperationKey> keys) {
    Map<OperationKey, Integer> ids = find(handle, keys);
    List<OperationKey> missing =
        keys.stream().distinct().filter(key -> !ids.containsKey(key)).sorted(ORDER).toList();
    if (missing.isEmpty()) {
      return ids;
    }
    handle
        .createUpdate(
            "INSERT INTO operation (service, name, kind) SELECT * FROM"
                + WANTED
                + "ON CONFLICT DO NOTHING")
        .bind("service", SqlArray.ofTexts(services(missing)))
        .bind("name", SqlArray.ofTexts(names(missing)))
        .bind("kind", SqlArray.ofInts(kinds(missing)))
        .execute();
    ids.putAll(find(handle, new ArrayList<>(missing)));
    return ids;
  }

  /** Reads the columns {@code service, name, kind}. */
  static OperationKey key(ResultSet row) throws SQLException {
    return new OperationKey(
        row.getString("service"), row.getString("name"), SpanKind.fromWire(row.getInt("kind")));
  }

  private static String[] services(List<OperationKey> keys) {
    return keys.stream().map(OperationKey::service).toArray(String[]::new);
  }

  private static String[] names(List<OperationKey> keys) {
    return keys.stream().map(OperationKey::operation).toArray(String[]::new);
  }

  private static int[] kinds(List<OperationKey> keys) {
    return keys.stream().mapToInt(key -> key.kind().ordinal()).toArray();
  }
}
