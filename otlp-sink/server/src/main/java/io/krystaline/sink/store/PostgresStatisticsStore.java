package io.krystaline.sink.store;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.platform.db.Database;
import io.krystaline.platform.db.SqlArray;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Hourly statistics in PostgreSQL. */
public final class PostgresStatisticsStore implements StatisticsStore {
  private static final Duration RUN_KEPT = Duration.ofDays(7);
  private static final int SCAN_OPERATIONS = 64;
  private static final String COLUMNS =
      "operation_id, epoch_hour, samples, mean_ns, m2, min_ns, max_ns, sketch";
  private static final String UPSERT =
      """
      INSERT INTO hour_statistics (%s)
      SELECT * FROM unnest(:id, :hour, :samples, :mean, :m2, :min, :max, :sketch)
      ON CONFLICT (operation_id, epoch_hour) DO UPDATE SET samples = excluded.samples,
        mean_ns = excluded.mean_ns, m2 = excluded.m2, min_ns = excluded.min_ns,
        max_ns = excluded.max_ns, sketch = excluded.sketch
      """
          .formatted(COLUMNS);

  private final Database database;
  private final InstantSource clock;
  private final HourMerger merger;

  /** A store over a database that is started by somebody else. */
  public PostgresStatisticsStore(Database database, InstantSource clock, HourMerger merger) {
    this.database = database;
    this.clock = clock;
    this.merger = merger;
  }

  private record Cell(OperationKey operation, long epochHour) {}

  private record Numbered(int id, HourRow row) {}

  @Override
  public boolean merge(CheckpointId checkpoint, List<HourRow> rows) {
    Set<Cell> given = HashSet.newHashSet(rows.size());
    Map<Cell, HourRow> added = HashMap.newHashMap(rows.size());
    for (HourRow row : rows) {
      if (!given.add(new Cell(row.operation(), row.epochHour()))) {
        throw new IllegalArgumentException(
            "two rows of " + row.operation() + " in hour " + row.epochHour());
      }
      OperationKey key = StoredText.clean(row.operation());
      added.merge(new Cell(key, row.epochHour()), row.withOperation(key), merger::merge);
    }
    return database.inTransaction(
        "save statistics",
        handle -> {
          if (!advance(handle, checkpoint)) {
            return false;
          }
          if (!added.isEmpty()) {
            mergeRows(handle, added);
          }
          return true;
        });
  }

  /** Takes the checkpoint's number; false where it, or a later one, was taken before. */
  private boolean advance(Handle handle, CheckpointId checkpoint) {
    return handle
            .createUpdate(
                """
                INSERT INTO checkpoint (run, sequence, stored_at) VALUES (:run, :sequence, :now)
                ON CONFLICT (run) DO UPDATE
                SET sequence = excluded.sequence, stored_at = excluded.stored_at
                WHERE checkpoint.sequence < excluded.sequence
                """)
            .bind("run", checkpoint.run())
            .bind("sequence", checkpoint.sequence())
            .bind("now", now())
            .execute()
        == 1;
  }

  private void mergeRows(Handle handle, Map<Cell, HourRow> added) {
    List<OperationKey> keys = added.keySet().stream().map(Cell::operation).distinct().toList();
    Map<OperationKey, Integer> ids = OperationTable.findOrAdd(handle, keys);
    // Locks the operations in one order, so that two processes never merge into the same hour at
    // once, be it there or not.
    handle
        .createUpdate(
            """
            UPDATE operation SET changed_at = :now WHERE id IN (
              SELECT id FROM operation WHERE id = ANY(:ids) ORDER BY id FOR UPDATE)
            """)
        .bind("now", now())
        .bind("ids", SqlArray.ofInts(ids.values().stream().mapToInt(id -> id).toArray()))
        .execute();
    List<Numbered> merged = new ArrayList<>(added.size());
    added.forEach((cell, row) -> merged.add(new Numbered(number(ids, cell.operation()), row)));
    merged.sort(Comparator.comparingInt(Numbered::id).thenComparingLong(n -> n.row().epochHour()));
    Map<Cell, HourRow> stored = stored(handle, merged);
    merged.replaceAll(
        numbered -> {
          HourRow row = numbered.row();
          HourRow before = stored.get(new Cell(row.operation(), row.epochHour()));
          return before == null ? numbered : new Numbered(numbered.id(), merger.merge(before, row));
        });
    write(handle, merged);
  }

  private static int number(Map<OperationKey, Integer> ids, OperationKey key) {
    return Objects.requireNonNull(ids.get(key), () -> "no number of " + key);
  }

  private static Map<Cell, HourRow> stored(Handle handle, List<Numbered> rows) {
    Map<Integer, OperationKey> keys = new HashMap<>();
    rows.forEach(numbered -> keys.put(numbered.id(), numbered.row().operation()));
    Map<Cell, HourRow> stored = new HashMap<>();
    handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM hour_statistics JOIN unnest(:id, :hour) AS wanted(operation_id,"
                + " epoch_hour) USING (operation_id, epoch_hour)")
        .bind("id", SqlArray.ofInts(rows.stream().mapToInt(Numbered::id).toArray()))
        .bind("hour", SqlArray.ofLongs(rows.stream().mapToLong(n -> n.row().epochHour()).toArray()))
        .map((row, context) -> read(row, keys))
        .forEach(row -> stored.put(new Cell(row.operation(), row.epochHour()), row));
    return stored;
  }

  private static void write(Handle handle, List<Numbered> numbered) {
    List<HourRow> rows = numbered.stream().map(Numbered::row).toList();
    handle
        .createUpdate(UPSERT)
        .bind("id", SqlArray.ofInts(numbered.stream().mapToInt(Numbered::id).toArray()))
        .bind("hour", SqlArray.ofLongs(rows.stream().mapToLong(HourRow::epochHour).toArray()))
        .bind("samples", SqlArray.ofLongs(rows.stream().mapToLong(HourRow::samples).toArray()))
        .bind("mean", SqlArray.ofDoubles(rows.stream().mapToDouble(HourRow::meanNanos).toArray()))
        .bind("m2", SqlArray.ofDoubles(rows.stream().mapToDouble(HourRow::m2).toArray()))
        .bind("min", SqlArray.ofLongs(rows.stream().mapToLong(HourRow::minNanos).toArray()))
        .bind("max", SqlArray.ofLongs(rows.stream().mapToLong(HourRow::maxNanos).toArray()))
        .bind("sketch", SqlArray.ofBytes(rows.stream().map(HourRow::sketch).toArray(byte[][]::new)))
        .execute();
  }

  private static HourRow read(ResultSet row, Map<Integer, OperationKey> keys) throws SQLException {
    OperationKey key = keys.get(row.getInt("operation_id"));
    if (key == null) {
      throw new SQLException("operation " + row.getInt("operation_id") + " was not asked for");
    }
    return new HourRow(
        key,
        row.getLong("epoch_hour"),
        row.getLong("samples"),
        row.getDouble("mean_ns"),
        row.getDouble("m2"),
        row.getLong("min_ns"),
        row.getLong("max_ns"),
        row.getBytes("sketch"));
  }

  @Override
  public void scan(long sinceEpochHour, HoursVisitor visitor) {
    Map<Integer, OperationKey> all = new LinkedHashMap<>();
    database.withHandle(
        "list operations",
        handle -> {
          handle
              .createQuery("SELECT id, service, name, kind FROM operation")
              .map((row, context) -> Map.entry(row.getInt("id"), OperationTable.key(row)))
              .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
          return null;
        });
    scan(all, sinceEpochHour, visitor);
  }

  @Override
  public void scan(Collection<OperationKey> operations, long sinceEpochHour, HoursVisitor visitor) {
    Map<OperationKey, Integer> ids =
        database.withHandle(
            "list operations",
            handle ->
                OperationTable.find(
                    handle, operations.stream().map(StoredText::clean).distinct().toList()));
    Map<Integer, OperationKey> keys = new HashMap<>();
    ids.forEach((key, id) -> keys.put(id, key));
    scan(keys, sinceEpochHour, visitor);
  }

  /** Reads some operations at a time, so that neither memory nor a connection is held for long. */
  private void scan(Map<Integer, OperationKey> keys, long sinceEpochHour, HoursVisitor visitor) {
    List<Map.Entry<Integer, OperationKey>> ordered = new ArrayList<>(keys.entrySet());
    ordered.sort(Map.Entry.comparingByValue(OperationTable.ORDER));
    for (int from = 0; from < ordered.size(); from += SCAN_OPERATIONS) {
      List<Map.Entry<Integer, OperationKey>> some =
          ordered.subList(from, Math.min(ordered.size(), from + SCAN_OPERATIONS));
      int[] ids = some.stream().mapToInt(Map.Entry::getKey).toArray();
      Map<OperationKey, List<HourRow>> hours = new HashMap<>();
      database.withHandle(
          "read statistics",
          handle -> {
            handle
                .createQuery(
                    "SELECT "
                        + COLUMNS
                        + " FROM hour_statistics WHERE operation_id = ANY(:ids)"
                        + " AND epoch_hour >= :since ORDER BY operation_id, epoch_hour")
                .bind("ids", SqlArray.ofInts(ids))
                .bind("since", sinceEpochHour)
                .map((row, context) -> read(row, keys))
                .forEach(
                    row ->
                        hours.computeIfAbsent(row.operation(), key -> new ArrayList<>()).add(row));
            return null;
          });
      for (Map.Entry<Integer, OperationKey> entry : some) {
        List<HourRow> rows = hours.get(entry.getValue());
        if (rows != null) {
          visitor.onOperation(entry.getValue(), rows);
        }
      }
    }
  }

  @Override
  public List<OperationKey> changedSince(Instant time) {
    return database.withHandle(
        "list operations",
        handle ->
            handle
                .createQuery("SELECT service, name, kind FROM operation WHERE changed_at >= :since")
                .bind("since", time.minus(CHANGED_OVERLAP).atOffset(ZoneOffset.UTC))
                .map((row, context) -> OperationTable.key(row))
                .stream()
                .sorted(OperationTable.ORDER)
                .toList());
  }

  @Override
  public long deleteBefore(long epochHour, int limit) {
    return database.inTransaction(
        "delete old statistics",
        handle -> {
          handle
              .createUpdate("DELETE FROM checkpoint WHERE stored_at < :time")
              .bind("time", clock.instant().minus(RUN_KEPT).atOffset(ZoneOffset.UTC))
              .execute();
          return (long)
              handle
                  .createUpdate(
                      """
                      DELETE FROM hour_statistics WHERE ctid = ANY(ARRAY(
                        SELECT ctid FROM hour_statistics WHERE epoch_hour < :hour LIMIT :limit))
                      """)
                  .bind("hour", epochHour)
                  .bind("limit", limit)
                  .execute();
        });
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }
}
