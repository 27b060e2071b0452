package io.krystaline.sink.store;

import io.krystaline.engine.score.Severity;
import io.krystaline.platform.db.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Silences in PostgreSQL. */
public final class PostgresSilenceStore implements SilenceStore {
  private static final String COLUMNS =
      "id, created_at, until, ended_at, severity_max, service, operation, created_by, comment,"
          + " ended_by";
  private static final String ACTIVE = "ended_at IS NULL AND until > :now";

  private final Database database;

  /** A store over a database that is started by somebody else. */
  public PostgresSilenceStore(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Silence> create(Silence draft) {
    return database.inTransaction(
        "create a silence",
        handle -> {
          handle.execute("LOCK TABLE silence IN SHARE ROW EXCLUSIVE MODE");
          long active =
              handle
                  .createQuery("SELECT count(*) FROM silence WHERE " + ACTIVE)
                  .bind("now", SqlTime.utc(draft.created()))
                  .mapTo(Long.class)
                  .one();
          return active >= ACTIVE_MAX ? Optional.empty() : Optional.of(insert(handle, draft));
        });
  }

  private static Silence insert(Handle handle, Silence draft) {
    Severity severity = draft.maxSeverity();
    return handle
        .createQuery(
            """
            INSERT INTO silence (created_at, until, severity_max, service, operation, created_by,
              comment)
            VALUES (:created, :until, :severity, :service, :operation, :by, :comment)
            RETURNING
            """
                + COLUMNS)
        .bind("created", SqlTime.utc(draft.created()))
        .bind("until", SqlTime.utc(draft.until()))
        .bind("severity", severity == null ? null : (Integer) severity.level())
        .bind("service", name(draft.service()))
        .bind("operation", name(draft.operation()))
        .bind("by", StoredText.clean(draft.createdBy(), StoredText.NAME_BYTES_MAX))
        .bind("comment", StoredText.clean(draft.comment(), StoredText.SENTENCE_BYTES_MAX))
        .map((row, context) -> read(row))
        .one();
  }

  @Override
  public List<Silence> active(Instant now) {
    return database.withHandle(
        "read silences",
        handle ->
            handle
                .createQuery(
                    "SELECT " + COLUMNS + " FROM silence WHERE " + ACTIVE + " ORDER BY id DESC")
                .bind("now", SqlTime.utc(now))
                .map((row, context) -> read(row))
                .list());
  }

  @Override
  public List<Silence> latest(int limit) {
    return database.withHandle(
        "read silences",
        handle ->
            handle
                .createQuery("SELECT " + COLUMNS + " FROM silence ORDER BY id DESC LIMIT :limit")
                .bind("limit", limit)
                .map((row, context) -> read(row))
                .list());
  }

  @Override
  public Optional<Silence> byId(long id) {
    return database.withHandle(
        "read a silence",
        handle ->
            handle
                .createQuery("SELECT " + COLUMNS + " FROM silence WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> read(row))
                .findOne());
  }

  @Override
  public Optional<Silence> end(long id, Instant now, String by) {
    return database.inTransaction(
        "end a silence",
        handle ->
            handle
                .createQuery(
                    "UPDATE silence SET ended_at = :now, ended_by = :by WHERE id = :id AND "
                        + ACTIVE
                        + " RETURNING "
                        + COLUMNS)
                .bind("now", SqlTime.utc(now))
                .bind("by", StoredText.clean(by, StoredText.NAME_BYTES_MAX))
                .bind("id", id)
                .map((row, context) -> read(row))
                .findOne());
  }

  @Override
  public long deleteEndedBefore(Instant time) {
    return database.inTransaction(
        "delete old silences",
        handle ->
            (long)
                handle
                    .createUpdate("DELETE FROM silence WHERE least(until, ended_at) < :time")
                    .bind("time", SqlTime.utc(time))
                    .execute());
  }

  private static Silence read(ResultSet row) throws SQLException {
    Integer severity = row.getObject("severity_max", Integer.class);
    Timestamp ended = row.getTimestamp("ended_at");
    return new Silence(
        row.getLong("id"),
        row.getString("service"),
        row.getString("operation"),
        severity == null ? null : Severity.ofLevel(severity),
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("until").toInstant(),
        row.getString("created_by"),
        row.getString("comment"),
        ended == null ? null : ended.toInstant(),
        row.getString("ended_by"));
  }

  private static @Nullable String name(@Nullable String name) {
    return name == null ? null : StoredText.clean(name, StoredText.NAME_BYTES_MAX);
  }
}
