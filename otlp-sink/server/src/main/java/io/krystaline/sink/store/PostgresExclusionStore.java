package io.krystaline.sink.store;

import io.krystaline.platform.db.Database;
import io.krystaline.platform.db.SqlArray;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Exclusions in PostgreSQL. */
public final class PostgresExclusionStore implements ExclusionStore {
  private static final String COLUMNS =
      "id, from_ns, until_ns, created_at, incident_id, created_by, reason, services, operations";

  private final Database database;

  /** A store over a database that is started by somebody else. */
  public PostgresExclusionStore(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Exclusion> create(Exclusion draft) {
    return database.inTransaction(
        "create an exclusion",
        handle -> {
          handle.execute("LOCK TABLE exclusion IN SHARE ROW EXCLUSIVE MODE");
          long kept = handle.createQuery("SELECT count(*) FROM exclusion").mapTo(Long.class).one();
          return kept >= EXCLUSIONS_MAX ? Optional.empty() : Optional.of(insert(handle, draft));
        });
  }

  private static Exclusion insert(Handle handle, Exclusion draft) {
    return handle
        .createQuery(
            """
            INSERT INTO exclusion (from_ns, until_ns, created_at, incident_id, created_by, reason,
              services, operations)
            VALUES (:from, :until, :created, :incident, :by, :reason, :services, :operations)
            RETURNING
            """
                + COLUMNS)
        .bind("from", draft.fromNanos())
        .bind("until", draft.untilNanos())
        .bind("created", draft.created().atOffset(ZoneOffset.UTC))
        .bind("incident", StoredText.clean(draft.incidentId(), StoredText.NAME_BYTES_MAX))
        .bind("by", StoredText.clean(draft.by(), StoredText.NAME_BYTES_MAX))
        .bind("reason", StoredText.clean(draft.reason(), StoredText.SENTENCE_BYTES_MAX))
        .bind(
            "services",
            SqlArray.ofTexts(
                draft.services().stream()
                    .map(service -> StoredText.clean(service, StoredText.NAME_BYTES_MAX))
                    .toArray(String[]::new)))
        .bind(
            "operations",
            IncidentDocument.write(
                draft.operations().stream().map(StoredText::clean).distinct().toList()))
        .map((row, context) -> read(row))
        .one();
  }

  @Override
  public List<Exclusion> since(long nanos) {
    return database.withHandle(
        "read exclusions",
        handle ->
            handle
                .createQuery(
                    "SELECT " + COLUMNS + " FROM exclusion WHERE until_ns > :nanos ORDER BY id")
                .bind("nanos", nanos)
                .map((row, context) -> read(row))
                .list());
  }

  @Override
  public List<Exclusion> ofIncident(String incidentId) {
    return database.withHandle(
        "read exclusions",
        handle ->
            handle
                .createQuery(
                    "SELECT " + COLUMNS + " FROM exclusion WHERE incident_id = :id ORDER BY id")
                .bind("id", StoredText.clean(incidentId, StoredText.NAME_BYTES_MAX))
                .map((row, context) -> read(row))
                .list());
  }

  @Override
  public long deleteUntil(long nanos) {
    return database.inTransaction(
        "delete old exclusions",
        handle ->
            (long)
                handle
                    .createUpdate("DELETE FROM exclusion WHERE until_ns <= :nanos")
                    .bind("nanos", nanos)
                    .execute());
  }

  private static Exclusion read(ResultSet row) throws SQLException {
    Array services = row.getArray("services");
    return new Exclusion(
        row.getLong("id"),
        row.getString("incident_id"),
        List.of((String[]) services.getArray()),
        IncidentDocument.operations(row.getString("operations")),
        row.getLong("from_ns"),
        row.getLong("until_ns"),
        row.getString("created_by"),
        row.getTimestamp("created_at").toInstant(),
        row.getString("reason"));
  }
}
