package io.krystaline.sink.store;

import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import io.krystaline.platform.db.Database;
import io.krystaline.platform.db.SqlArray;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/** The outbox in PostgreSQL. Row locks that skip what is locked let several processes deliver. */
public final class PostgresNotificationStore implements NotificationStore {
  private static final String IDS = "(SELECT unnest(:ids))";

  private final Database database;

  /** A store over a database that is started by somebody else. */
  public PostgresNotificationStore(Database database) {
    this.database = database;
  }

  @Override
  public Queued queue(
      String incidentId,
      Instant now,
      int pendingMax,
      Function<List<ToldIncident>, List<NewNotification>> decide) {
    return database.inTransaction(
        "queue notifications",
        handle -> {
          // Two states of one incident go one after the other, also where nothing was told yet.
          handle
              .createQuery(
                  "SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtextextended(:id, 7))) l")
              .bind("id", incidentId)
              .mapTo(Integer.class)
              .one();
          int added = 0;
          int refused = 0;
          for (NewNotification notification : decide.apply(told(handle, incidentId))) {
            if (pending(handle, notification.channel()) >= pendingMax) {
              refused++;
            } else {
              added += add(handle, notification, now);
              tell(handle, notification, now);
            }
          }
          return new Queued(added, refused);
        });
  }

  private static List<ToldIncident> told(Handle handle, String incidentId) {
    return handle
        .createQuery(
            """
            SELECT t.*, t.delivered IS NOT NULL OR EXISTS (
                SELECT 1 FROM notification n WHERE n.state = 'PENDING'
                  AND n.incident_id = t.incident_id AND n.channel = t.channel) AS reached
            FROM told_incident t WHERE t.incident_id = :id ORDER BY t.channel FOR UPDATE
            """)
        .bind("id", incidentId)
        .map((row, context) -> readTold(row))
        .list();
  }

  /** Adds one, unless it is there; what it makes old news of is not delivered any more. */
  private static int add(Handle handle, NewNotification notification, Instant now) {
    Optional<Long> id = insert(handle, notification, now);
    if (id.isEmpty()) {
      return 0;
    }
    if (notification.change() == NotificationChange.RESOLVED) {
      return 1;
    }
    List<NotificationChange> superseded =
        handle
            .createQuery(
                """
                UPDATE notification n
                SET state = 'SUPERSEDED', finished_at = :now, leased_until = NULL
                WHERE state = 'PENDING' AND incident_id = :incident AND channel = :channel
                  AND id < :id AND (leased_until IS NULL OR leased_until <= :now)
                  AND id > coalesce((SELECT max(r.id) FROM notification r
                    WHERE r.state = 'PENDING' AND r.incident_id = :incident
                      AND r.channel = :channel AND r.change = 'RESOLVED'), 0)
                RETURNING change
                """)
            .bind("now", SqlTime.utc(now))
            .bind("incident", notification.incidentId())
            .bind("channel", notification.channel())
            .bind("id", id.get())
            .mapTo(NotificationChange.class)
            .list();
    handle
        .createUpdate("UPDATE notification SET change = :change WHERE id = :id")
        .bind("change", notification.change().after(superseded).name())
        .bind("id", id.get())
        .execute();
    return 1;
  }

  /** One that waits joins the wait of its group. */
  private static Optional<Long> insert(Handle handle, NewNotification notification, Instant now) {
    return handle
        .createQuery(
            """
            INSERT INTO notification
              (created_at, due_at, priority, change, channel, incident_id, key, group_key, document)
            SELECT :now, coalesce(
                (SELECT min(due_at) FROM notification WHERE state = 'PENDING' AND :waits
                   AND channel = :channel AND group_key = :group AND priority > 0
                   AND batch IS NULL AND due_at > :now AND due_at <= :due),
                :due), :priority, :change, :channel, :incident, :key, :group, :document
            ON CONFLICT (key) DO NOTHING RETURNING id
            """)
        .bind("now", SqlTime.utc(now))
        .bind("due", SqlTime.utc(now.plus(notification.groupWait())))
        .bind("waits", notification.groupWait().isPositive())
        .bind("priority", notification.priority().ordinal())
        .bind("change", notification.change().name())
        .bind("channel", notification.channel())
        .bind("incident", notification.incidentId())
        .bind("key", notification.key())
        .bind("group", StoredText.clean(notification.groupKey(), StoredText.NAME_BYTES_MAX))
        .bind("document", notification.document())
        .mapTo(Long.class)
        .findOne();
  }

  private static void tell(Handle handle, NewNotification notification, Instant now) {
    handle
        .createUpdate(
            """
            INSERT INTO told_incident
              (changed_at, reopened, severity, priority, resolved, channel, incident_id)
            VALUES (:now, :reopened, :severity, :priority, :resolved, :channel, :incident)
            ON CONFLICT (incident_id, channel) DO UPDATE SET
              changed_at = excluded.changed_at, reopened = excluded.reopened,
              severity = excluded.severity, priority = excluded.priority,
              resolved = excluded.resolved
            """)
        .bind("now", SqlTime.utc(now))
        .bind("reopened", notification.reopened())
        .bind("severity", notification.severity().level())
        .bind("priority", notification.priority().ordinal())
        .bind("resolved", notification.change() == NotificationChange.RESOLVED)
        .bind("channel", notification.channel())
        .bind("incident", notification.incidentId())
        .execute();
  }

  @Override
  public List<QueuedNotification> claim(String channel, int limit, Instant now, Duration lease) {
    return database.inTransaction(
        "claim notifications",
        handle ->
            handle
                .createQuery(
                    """
                    WITH due AS (
                      SELECT id FROM notification n
                      WHERE state = 'PENDING' AND channel = :channel AND due_at <= :now
                        AND (leased_until IS NULL OR leased_until <= :now)
                        AND NOT EXISTS (SELECT 1 FROM notification e
                          WHERE e.state = 'PENDING' AND e.incident_id = n.incident_id
                            AND e.channel = n.channel AND e.id < n.id
                            AND (e.due_at > :now OR e.leased_until > :now))
                      ORDER BY priority > 0, id LIMIT :limit FOR UPDATE SKIP LOCKED),
                    taken AS (
                      UPDATE notification n SET leased_until = :until FROM due
                      WHERE n.id = due.id RETURNING n.*)
                    SELECT taken.*, t.delivered FROM taken
                    LEFT JOIN told_incident t
                      ON t.incident_id = taken.incident_id AND t.channel = taken.channel
                    ORDER BY taken.priority > 0, taken.id
                    """)
                .bind("channel", channel)
                .bind("now", SqlTime.utc(now))
                .bind("until", SqlTime.utc(now.plus(lease)))
                .bind("limit", limit)
                .map((row, context) -> readQueued(row))
                .list());
  }

  @Override
  public void joinBatch(Collection<Long> ids, String batch) {
    database.inTransaction(
        "batch notifications",
        handle ->
            handle
                .createUpdate("UPDATE notification SET batch = :batch WHERE id IN " + IDS)
                .bind("batch", batch)
                .bind("ids", longs(ids))
                .execute());
  }

  @Override
  public void delivered(Collection<Long> ids, Instant now) {
    database.inTransaction(
        "end notifications",
        handle -> {
          handle
              .createUpdate(
                  """
                  UPDATE told_incident t SET delivered = n.document
                  FROM (SELECT DISTINCT ON (incident_id, channel) incident_id, channel, document
                        FROM notification WHERE id IN\
                  """
                      + IDS
                      + """
                             ORDER BY incident_id, channel, id DESC) n
                      WHERE t.incident_id = n.incident_id AND t.channel = n.channel
                      """)
              .bind("ids", longs(ids))
              .execute();
          return finish(handle, ids, "DELIVERED", now, null);
        });
  }

  @Override
  public void failed(Collection<Long> ids, Instant due, String error) {
    database.inTransaction(
        "retry notifications",
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE notification SET due_at = :due, leased_until = NULL,
                      attempts = attempts + 1, error = :error
                    WHERE state = 'PENDING' AND id IN\
                    """
                        + IDS)
                .bind("due", SqlTime.utc(due))
                .bind("error", sentence(error))
                .bind("ids", longs(ids))
                .execute());
  }

  @Override
  public void postpone(Collection<Long> ids, Instant due) {
    database.inTransaction(
        "postpone notifications",
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE notification SET due_at = :due, leased_until = NULL
                    WHERE state = 'PENDING' AND id IN\
                    """
                        + IDS)
                .bind("due", SqlTime.utc(due))
                .bind("ids", longs(ids))
                .execute());
  }

  @Override
  public int giveUp(Collection<Long> ids, Instant now, String error) {
    return database.inTransaction(
        "give notifications up",
        handle ->
            finish(handle, ids, "DEAD", now, error)
                + handle
                    .createUpdate(
                        """
                        UPDATE notification r
                        SET state = 'DEAD', finished_at = :now, leased_until = NULL, error = :error
                        FROM told_incident t
                        WHERE r.state = 'PENDING' AND r.change = 'RESOLVED'
                          AND t.incident_id = r.incident_id AND t.channel = r.channel
                          AND t.delivered IS NULL
                          AND (r.incident_id, r.channel) IN
                            (SELECT incident_id, channel FROM notification WHERE id IN\
                        """
                            + IDS
                            + """
                                )
                              AND NOT EXISTS (SELECT 1 FROM notification e
                                WHERE e.state = 'PENDING' AND e.incident_id = r.incident_id
                                  AND e.channel = r.channel AND e.id < r.id)
                            """)
                    .bind("now", SqlTime.utc(now))
                    .bind("error", "its incident was never told")
                    .bind("ids", longs(ids))
                    .execute());
  }

  private static int finish(
      Handle handle, Collection<Long> ids, String state, Instant now, @Nullable String error) {
    return handle
        .createUpdate(
            """
            UPDATE notification SET state = :state, finished_at = :now, leased_until = NULL,
              error = :error
            WHERE state = 'PENDING' AND id IN\
            """
                + IDS)
        .bind("state", state)
        .bind("now", SqlTime.utc(now))
        .bind("error", error == null ? null : sentence(error))
        .bind("ids", longs(ids))
        .execute();
  }

  @Override
  public List<StandingIncident> standing(String channel, int limit) {
    return database.withHandle(
        "list standing incidents",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT incident_id, delivered FROM told_incident
                    WHERE channel = :channel AND NOT resolved AND delivered IS NOT NULL
                    ORDER BY changed_at, incident_id LIMIT :limit
                    """)
                .bind("channel", channel)
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new StandingIncident(
                            row.getString("incident_id"), row.getString("delivered")))
                .list());
  }

  @Override
  public long pending(String channel) {
    return database.withHandle("count notifications", handle -> pending(handle, channel));
  }

  private static long pending(Handle handle, String channel) {
    return handle
        .createQuery(
            "SELECT count(*) FROM notification WHERE state = 'PENDING' AND channel = :channel")
        .bind("channel", channel)
        .mapTo(Long.class)
        .one();
  }

  @Override
  public long deleteFinishedBefore(Instant time) {
    return database.inTransaction(
        "delete old notifications",
        handle -> {
          handle
              .createUpdate("DELETE FROM told_incident WHERE resolved AND changed_at < :time")
              .bind("time", SqlTime.utc(time))
              .execute();
          return (long)
              handle
                  .createUpdate("DELETE FROM notification WHERE finished_at < :time")
                  .bind("time", SqlTime.utc(time))
                  .execute();
        });
  }

  private static ToldIncident readTold(ResultSet row) throws SQLException {
    return new ToldIncident(
        row.getString("channel"),
        row.getString("incident_id"),
        Severity.ofLevel(row.getInt("severity")),
        Priority.values()[row.getInt("priority")],
        row.getInt("reopened"),
        row.getBoolean("resolved"),
        row.getBoolean("reached"));
  }

  private static QueuedNotification readQueued(ResultSet row) throws SQLException {
    return new QueuedNotification(
        row.getLong("id"),
        row.getString("channel"),
        row.getString("incident_id"),
        NotificationChange.valueOf(row.getString("change")),
        row.getString("key"),
        Priority.values()[row.getInt("priority")],
        row.getString("group_key"),
        row.getString("batch"),
        row.getInt("attempts"),
        row.getTimestamp("created_at").toInstant(),
        row.getString("document"),
        row.getString("delivered"));
  }

  private static Argument longs(Collection<Long> ids) {
    return SqlArray.ofLongs(ids.stream().mapToLong(Long::longValue).toArray());
  }

  private static String sentence(String error) {
    return StoredText.clean(error, StoredText.SENTENCE_BYTES_MAX);
  }
}
