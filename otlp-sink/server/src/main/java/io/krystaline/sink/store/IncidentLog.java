package io.krystaline.sink.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table {@code incident_entry}. For a thread that holds a transaction. */
final class IncidentLog {
  private IncidentLog() {}

  static boolean isFull(Handle handle, String id) {
    return handle
            .createQuery("SELECT count(*) FROM incident_entry WHERE incident_id = :id")
            .bind("id", id)
            .mapTo(Long.class)
            .one()
        >= IncidentStore.ENTRIES_MAX;
  }

  static void write(Handle handle, String id, OffsetDateTime now, IncidentStep.Line line) {
    write(handle, id, now, line.action(), line.eventNanos(), null, line.text());
  }

  static void write(
      Handle handle,
      String id,
      OffsetDateTime now,
      IncidentEntry.Action action,
      @Nullable Long eventNanos,
      @Nullable String by,
      String text) {
    handle
        .createUpdate(
            """
            INSERT INTO incident_entry (recorded_at, event_ns, incident_id, action, author, body)
            VALUES (:now, :event, :id, :action, :by, :text)
            """)
        .bind("now", now)
        .bind("event", eventNanos)
        .bind("id", id)
        .bind("action", action.name())
        .bind("by", by)
        .bind("text", StoredText.clean(text, StoredText.SENTENCE_BYTES_MAX))
        .execute();
  }

  static List<IncidentEntry> read(Handle handle, String id) {
    return handle
        .createQuery(
            """
            SELECT number, recorded_at, event_ns, action, author, body FROM incident_entry
            WHERE incident_id = :id ORDER BY number
            """)
        .bind("id", id)
        .map((row, context) -> entry(row))
        .list();
  }

  private static IncidentEntry entry(ResultSet row) throws SQLException {
    return new IncidentEntry(
        row.getLong("number"),
        IncidentEntry.Action.valueOf(row.getString("action")),
        row.getTimestamp("recorded_at").toInstant(),
        row.getObject("event_ns", Long.class),
        row.getString("author"),
        row.getString("body"));
  }
}
