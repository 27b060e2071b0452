package io.krystaline.sink.store;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.platform.db.Database;
import io.krystaline.platform.db.SqlArray;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Baselines in PostgreSQL. */
public final class PostgresBaselineStore implements BaselineStore {
  private final Database database;

  /** A store over a database that is started by somebody else. */
  public PostgresBaselineStore(Database database) {
    this.database = database;
  }

  @Override
  public void save(List<StoredBaseline> baselines) {
    if (baselines.isEmpty()) {
      return;
    }
    Set<OperationKey> given = new HashSet<>();
    Map<OperationKey, StoredBaseline> cleaned = new TreeMap<>(OperationTable.ORDER);
    for (StoredBaseline baseline : baselines) {
      if (!given.add(baseline.operation())) {
        throw new IllegalArgumentException("two baselines of " + baseline.operation());
      }
      cleaned.put(StoredText.clean(baseline.operation()), baseline);
    }
    List<StoredBaseline> rows = List.copyOf(cleaned.values());
    database.inTransaction(
        "save baselines",
        handle -> {
          Map<OperationKey, Integer> ids = OperationTable.findOrAdd(handle, cleaned.keySet());
          return handle
              .createUpdate(
                  """
                  INSERT INTO baseline (operation_id, calculated_at, payload)
                  SELECT id, to_timestamp(0) + micros * interval '1 microsecond', payload
                  FROM unnest(:id, :micros, :payload) AS added(id, micros, payload)
                  ORDER BY id
                  ON CONFLICT (operation_id) DO UPDATE
                  SET calculated_at = excluded.calculated_at, payload = excluded.payload
                  """)
              .bind("id", SqlArray.ofInts(cleaned.keySet().stream().mapToInt(ids::get).toArray()))
              .bind(
                  "micros",
                  SqlArray.ofLongs(rows.stream().mapToLong(r -> micros(r.calculated())).toArray()))
              .bind(
                  "payload",
                  SqlArray.ofBytes(
                      rows.stream().map(StoredBaseline::payload).toArray(byte[][]::new)))
              .execute();
        });
  }

  @Override
  public List<StoredBaseline> loadAll() {
    return database.withHandle(
        "load baselines",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT service, name, kind, calculated_at, payload
                    FROM baseline JOIN operation ON operation.id = operation_id
                    """)
                .map(
                    (row, context) ->
                        new StoredBaseline(
                            OperationTable.key(row),
                            row.getTimestamp("calculated_at").toInstant(),
                            row.getBytes("payload")))
                .stream()
                .sorted(Comparator.comparing(StoredBaseline::operation, OperationTable.ORDER))
                .toList());
  }

  @Override
  public long deleteCalculatedBefore(Instant time) {
    return database.inTransaction(
        "delete old baselines",
        handle ->
            (long)
                handle
                    .createUpdate("DELETE FROM baseline WHERE calculated_at < :time")
                    .bind("time", time.atOffset(ZoneOffset.UTC))
                    .execute());
  }

  private static long micros(Instant time) {
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
  }
}
