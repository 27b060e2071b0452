package io.krystaline.sink.store;

import io.krystaline.platform.db.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Runs of the recalculation in PostgreSQL. A unique index lets one run at a time. */
public final class PostgresRecalculationStore implements RecalculationStore {
  private static final String SELECT =
      "SELECT id, kind, state, started_at, finished_at, operations, error FROM recalculation ";

  private final Database database;

  /** A store over a database that is started by somebody else. */
  public PostgresRecalculationStore(Database database) {
    this.database = database;
  }

  @Override
  public RecalculationStart start(RecalculationKind kind, Instant now) {
    return database.inTransaction(
        "start a recalculation",
        handle -> {
          // Two that start at once go one after the other.
          handle.execute("LOCK TABLE recalculation IN SHARE ROW EXCLUSIVE MODE");
          failAbandoned(handle, now.minus(LEASE), now);
          Optional<RecalculationRun> running =
              handle
                  .createQuery(SELECT + "WHERE state = 'RUNNING'")
                  .map((row, context) -> read(row))
                  .findOne();
          if (running.isPresent()) {
            return new RecalculationStart.AlreadyRunning(running.get());
          }
          long id =
              handle
                  .createQuery(
                      """
                      INSERT INTO recalculation (kind, state, started_at, renewed_at)
                      VALUES (:kind, 'RUNNING', :now, :now) RETURNING id
                      """)
                  .bind("kind", kind.name())
                  .bind("now", SqlTime.utc(now))
                  .mapTo(Long.class)
                  .one();
          return new RecalculationStart.Started(
              handle
                  .createQuery(SELECT + "WHERE id = :id")
                  .bind("id", id)
                  .map((row, context) -> read(row))
                  .one());
        });
  }

  @Override
  public boolean renew(long id, Instant now, long operations) {
    return database.inTransaction(
        "renew a recalculation",
        handle ->
            handle
                    .createUpdate(
                        """
                        UPDATE recalculation SET renewed_at = :now, operations = :operations
                        WHERE id = :id AND state = 'RUNNING'
                        """)
                    .bind("id", id)
                    .bind("now", SqlTime.utc(now))
                    .bind("operations", operations)
                    .execute()
                == 1);
  }

  @Override
  public void succeed(long id, Instant now, long operations) {
    database.inTransaction(
        "end a recalculation",
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE recalculation
                    SET state = 'SUCCEEDED', finished_at = :now, operations = :operations
                    WHERE id = :id AND state = 'RUNNING'
                    """)
                .bind("id", id)
                .bind("now", SqlTime.utc(now))
                .bind("operations", operations)
                .execute());
  }

  @Override
  public void fail(long id, Instant now, String error) {
    database.inTransaction(
        "end a recalculation",
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE recalculation SET state = 'FAILED', finished_at = :now, error = :error
                    WHERE id = :id AND state = 'RUNNING'
                    """)
                .bind("id", id)
                .bind("now", SqlTime.utc(now))
                .bind("error", StoredText.clean(error, StoredText.SENTENCE_BYTES_MAX))
                .execute());
  }

  @Override
  public int failAbandoned(Instant renewedBefore, Instant now) {
    return database.inTransaction(
        "fail abandoned recalculations", handle -> failAbandoned(handle, renewedBefore, now));
  }

  private static int failAbandoned(Handle handle, Instant renewedBefore, Instant now) {
    return handle
        .createUpdate(
            """
            UPDATE recalculation SET state = 'FAILED', finished_at = :now, error = :error
            WHERE state = 'RUNNING' AND renewed_at < :renewedBefore
            """)
        .bind("renewedBefore", SqlTime.utc(renewedBefore))
        .bind("now", SqlTime.utc(now))
        .bind("error", ABANDONED)
        .execute();
  }

  @Override
  public List<RecalculationRun> latest(int limit) {
    return database.withHandle(
        "list recalculations",
        handle ->
            handle
                .createQuery(SELECT + "ORDER BY id DESC LIMIT :limit")
                .bind("limit", limit)
                .map((row, context) -> read(row))
                .list());
  }

  @Override
  public Optional<RecalculationRun> lastSucceeded() {
    return database.withHandle(
        "read the last recalculation",
        handle ->
            handle
                .createQuery(SELECT + "WHERE state = 'SUCCEEDED' ORDER BY id DESC LIMIT 1")
                .map((row, context) -> read(row))
                .findOne());
  }

  @Override
  public long deleteFinishedBefore(Instant time) {
    return database.inTransaction(
        "delete old recalculations",
        handle ->
            (long)
                handle
                    .createUpdate(
                        """
                        DELETE FROM recalculation WHERE finished_at < :time AND id IS DISTINCT FROM
                          (SELECT max(id) FROM recalculation WHERE state = 'SUCCEEDED')
                        """)
                    .bind("time", SqlTime.utc(time))
                    .execute());
  }

  private static RecalculationRun read(ResultSet row) throws SQLException {
    return new RecalculationRun(
        row.getLong("id"),
        RecalculationKind.valueOf(row.getString("kind")),
        RecalculationState.valueOf(row.getString("state")),
        row.getTimestamp("started_at").toInstant(),
        instant(row.getTimestamp("finished_at")),
        row.getLong("operations"),
        row.getString("error"));
  }

  private static @Nullable Instant instant(@Nullable Timestamp time) {
    return time == null ? null : time.toInstant();
  }
}
