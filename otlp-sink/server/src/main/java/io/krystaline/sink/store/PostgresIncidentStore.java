package io.krystaline.sink.store;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.platform.db.Database;
import io.krystaline.platform.db.SqlArray;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/** Incidents in PostgreSQL: columns that are searched, and the whole state as a document. */
public final class PostgresIncidentStore implements IncidentStore {
  private static final String UPSERT =
      """
      INSERT INTO incident (start_ns, updated_ns, end_ns, stored_at, severity, priority, id,
        services, operations, document)
      VALUES (:start, :updated, :end, :now, :severity, :priority, :id, :services, :operations,
        :document)
      ON CONFLICT (id) DO UPDATE SET start_ns = :start, updated_ns = :updated, end_ns = :end,
        stored_at = :now, severity = :severity, priority = :priority, services = :services,
        operations = :operations, document = :document
      """;
  private static final String COLUMNS =
      "document, acknowledged_at, acknowledged_by, acknowledged_comment";

  private final Database database;
  private final InstantSource clock;

  /**
   * A store over a database that is started by somebody else.
   *
   * @param clock gives the time of storing, from which age counts
   */
  public PostgresIncidentStore(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public List<IncidentChange> save(Incident incident) {
    return database.inTransaction("save an incident", handle -> save(handle, incident));
  }

  private List<IncidentChange> save(Handle handle, Incident incident) {
    // Also where there is no row to lock yet: two that save the same incident go one after the
    // other.
    handle
        .createQuery("SELECT pg_advisory_xact_lock(hashtextextended(:id, 7))::text")
        .bind("id", incident.id())
        .mapTo(String.class)
        .one();
    Optional<StoredIncident> before = find(handle, incident.id());
    IncidentStep step =
        IncidentStep.between(before.map(StoredIncident::incident).orElse(null), incident);
    if (step.changes().isEmpty()) {
      return List.of();
    }
    OffsetDateTime now = now();
    write(handle, incident, now);
    if (step.changes().contains(IncidentChange.REOPENED)) {
      handle
          .createUpdate(
              """
              UPDATE incident SET acknowledged_at = NULL, acknowledged_by = NULL,
                acknowledged_comment = NULL WHERE id = :id
              """)
          .bind("id", incident.id())
          .execute();
    }
    if (!step.lines().isEmpty() && !IncidentLog.isFull(handle, incident.id())) {
      step.lines().forEach(line -> IncidentLog.write(handle, incident.id(), now, line));
    }
    return step.changes();
  }

  private static void write(Handle handle, Incident incident, OffsetDateTime now) {
    handle
        .createUpdate(UPSERT)
        .bind("start", incident.startNanos())
        .bind("updated", incident.updatedNanos())
        .bind("end", incident.isOpen() ? null : (Long) incident.endNanos())
        .bind("now", now)
        .bind("severity", incident.severity().level())
        .bind("priority", incident.priority().ordinal())
        .bind("id", incident.id())
        .bind("services", names(incident.services()))
        .bind(
            "operations",
            names(incident.operations().stream().map(OperationKey::operation).distinct().toList()))
        .bind("document", IncidentDocument.write(incident))
        .execute();
  }

  private static Argument names(List<String> names) {
    return SqlArray.ofTexts(
        names.stream()
            .map(name -> StoredText.clean(name, StoredText.NAME_BYTES_MAX))
            .toArray(String[]::new));
  }

  @Override
  public IncidentPage find(IncidentFilter filter, int limit, @Nullable IncidentCursor cursor) {
    IncidentStore.checkLimit(limit);
    Conditions conditions = IncidentConditions.of(filter, cursor);
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM incident"
            + conditions.where()
            + " ORDER BY start_ns DESC, id DESC LIMIT :limit";
    List<StoredIncident> found =
        database.withHandle(
            "find incidents",
            handle ->
                conditions
                    .bind(handle.createQuery(sql))
                    .bind("limit", limit + 1)
                    .map((row, context) -> read(row))
                    .list());
    if (found.size() <= limit) {
      return new IncidentPage(found, null);
    }
    Incident last = found.get(limit - 1).incident();
    return new IncidentPage(
        found.subList(0, limit), new IncidentCursor(last.startNanos(), last.id()));
  }

  @Override
  public Optional<StoredIncident> byId(String id) {
    return database.withHandle("read an incident", handle -> find(handle, known(id)));
  }

  private static Optional<StoredIncident> find(Handle handle, String id) {
    return handle
        .createQuery("SELECT " + COLUMNS + " FROM incident WHERE id = :id")
        .bind("id", id)
        .map((row, context) -> read(row))
        .findOne();
  }

  @Override
  public List<IncidentEntry> entries(String id) {
    return database.withHandle(
        "read the log of an incident", handle -> IncidentLog.read(handle, known(id)));
  }

  @Override
  public Acknowledging acknowledge(String id, String by, String comment) {
    return database.inTransaction(
        "acknowledge an incident",
        handle -> {
          Optional<StoredIncident> before = lock(handle, known(id));
          if (before.isEmpty()) {
            return new Acknowledging.Unknown();
          }
          Acknowledgement earlier = before.get().acknowledgement();
          if (earlier != null) {
            return new Acknowledging.AlreadyDone(earlier);
          }
          OffsetDateTime now = now();
          handle
              .createUpdate(
                  """
                  UPDATE incident SET acknowledged_at = :now, acknowledged_by = :by,
                    acknowledged_comment = :comment WHERE id = :id
                  """)
              .bind("now", now)
              .bind("by", StoredText.clean(by, StoredText.NAME_BYTES_MAX))
              .bind("comment", StoredText.clean(comment, StoredText.SENTENCE_BYTES_MAX))
              .bind("id", id)
              .execute();
          IncidentLog.write(
              handle,
              id,
              now,
              IncidentEntry.Action.ACKNOWLEDGED,
              null,
              StoredText.clean(by, StoredText.NAME_BYTES_MAX),
              comment);
          return new Acknowledging.Done(find(handle, id).orElseThrow());
        });
  }

  @Override
  public Noting note(String id, IncidentEntry.Action action, String by, String text) {
    return database.inTransaction(
        "write into the log of an incident",
        handle -> {
          if (lock(handle, known(id)).isEmpty()) {
            return Noting.UNKNOWN;
          }
          if (IncidentLog.isFull(handle, id)) {
            return Noting.FULL;
          }
          IncidentLog.write(
              handle,
              id,
              now(),
              action,
              null,
              StoredText.clean(by, StoredText.NAME_BYTES_MAX),
              text);
          return Noting.WRITTEN;
        });
  }

  private static Optional<StoredIncident> lock(Handle handle, String id) {
    return handle
        .createQuery("SELECT " + COLUMNS + " FROM incident WHERE id = :id FOR UPDATE")
        .bind("id", id)
        .map((row, context) -> read(row))
        .findOne();
  }

  @Override
  public List<Incident> closeAbandoned(Instant storedBefore) {
    return database.inTransaction(
        "close abandoned incidents",
        handle -> {
          List<Incident> closed = new ArrayList<>();
          handle
              .createQuery(
                  "SELECT "
                      + COLUMNS
                      + " FROM incident WHERE end_ns IS NULL AND stored_at < :time"
                      + " ORDER BY start_ns, id")
              .bind("time", storedBefore.atOffset(ZoneOffset.UTC))
              .map((row, context) -> read(row).incident().abandoned())
              .list()
              .forEach(
                  incident -> {
                    if (!save(handle, incident).isEmpty()) {
                      closed.add(incident);
                    }
                  });
          return List.copyOf(closed);
        });
  }

  @Override
  public long deleteStoredBefore(Instant time, int limit) {
    return database.inTransaction(
        "delete old incidents",
        handle ->
            (long)
                handle
                    .createUpdate(
                        """
                        DELETE FROM incident WHERE id = ANY(ARRAY(
                          SELECT id FROM incident WHERE stored_at < :time
                          ORDER BY stored_at, id LIMIT :limit))
                        """)
                    .bind("time", time.atOffset(ZoneOffset.UTC))
                    .bind("limit", limit)
                    .execute());
  }

  /** An id that PostgreSQL takes; one that it does not names nothing. */
  private static String known(String id) {
    return StoredText.clean(id, StoredText.NAME_BYTES_MAX);
  }

  private static StoredIncident read(ResultSet row) throws SQLException {
    Timestamp acknowledged = row.getTimestamp("acknowledged_at");
    return new StoredIncident(
        IncidentDocument.incident(row.getString("document")),
        acknowledged == null
            ? null
            : new Acknowledgement(
                row.getString("acknowledged_by"),
                acknowledged.toInstant(),
                row.getString("acknowledged_comment")));
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }
}
