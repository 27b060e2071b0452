package io.krystaline.sink.store;

import io.krystaline.engine.detect.Channel;
import io.krystaline.platform.db.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterable;
import org.jdbi.v3.core.statement.Query;

/** Corrections of the detector in PostgreSQL. */
public final class PostgresRuleStore implements RuleStore {
  private static final String COLUMNS =
      "id, proposed_at, decided_at, multiplier, state, incident_id, service, channel, operation,"
          + " reason, proposed_by, decided_by, effect";

  private final Database database;

  /** A store over a database that is started by somebody else. */
  public PostgresRuleStore(Database database) {
    this.database = database;
  }

  @Override
  public Optional<DetectionRule> propose(DetectionRule draft) {
    return database.inTransaction(
        "propose a rule",
        handle -> {
          handle.execute("LOCK TABLE detection_rule IN SHARE ROW EXCLUSIVE MODE");
          long rules =
              handle.createQuery("SELECT count(*) FROM detection_rule").mapTo(Long.class).one();
          return rules >= RULES_MAX ? Optional.empty() : Optional.of(insert(handle, draft));
        });
  }

  private static DetectionRule insert(Handle handle, DetectionRule draft) {
    String operation = draft.operation();
    return handle
        .createQuery(
            """
            INSERT INTO detection_rule (proposed_at, multiplier, state, incident_id, service,
              channel, operation, reason, proposed_by, effect)
            VALUES (:now, :multiplier, 'PROPOSED', :incident, :service, :channel, :operation,
              :reason, :by, :effect)
            RETURNING
            """
                + COLUMNS)
        .bind("now", SqlTime.utc(draft.proposed()))
        .bind("multiplier", draft.multiplier())
        .bind("incident", name(draft.incidentId()))
        .bind("service", name(draft.service()))
        .bind("channel", draft.channel().name())
        .bind("operation", operation == null ? null : name(operation))
        .bind("reason", StoredText.clean(draft.reason(), StoredText.SENTENCE_BYTES_MAX))
        .bind("by", name(draft.proposedBy()))
        .bind("effect", draft.effect())
        .map((row, context) -> read(row))
        .one();
  }

  @Override
  public List<DetectionRule> accepted() {
    return list("WHERE state = 'ACCEPTED' ORDER BY id", RULES_MAX);
  }

  @Override
  public List<DetectionRule> latest(int limit) {
    return list("ORDER BY id DESC", limit);
  }

  private List<DetectionRule> list(String which, int limit) {
    return database.withHandle(
        "read rules",
        handle ->
            rules(
                    handle
                        .createQuery(
                            "SELECT " + COLUMNS + " FROM detection_rule " + which + " LIMIT :limit")
                        .bind("limit", limit))
                .list());
  }

  @Override
  public Optional<DetectionRule> byId(long id) {
    return database.withHandle(
        "read a rule",
        handle ->
            rules(
                    handle
                        .createQuery("SELECT " + COLUMNS + " FROM detection_rule WHERE id = :id")
                        .bind("id", id))
                .findOne());
  }

  @Override
  public void setEffect(long id, String effect) {
    database.inTransaction(
        "keep the effect of a rule",
        handle ->
            handle
                .createUpdate("UPDATE detection_rule SET effect = :effect WHERE id = :id")
                .bind("effect", effect)
                .bind("id", id)
                .execute());
  }

  @Override
  public Optional<DetectionRule> decide(
      long id, DetectionRule.State state, Instant now, String by) {
    if (state == DetectionRule.State.PROPOSED) {
      throw new IllegalArgumentException("a decision accepts or reverts");
    }
    return database.inTransaction(
        "decide on a rule",
        handle ->
            rules(
                    handle
                        .createQuery(
                            """
                            UPDATE detection_rule
                            SET state = :state, decided_at = :now, decided_by = :by
                            WHERE id = :id AND state <> :state RETURNING
                            """
                                + COLUMNS)
                        .bind("state", state.name())
                        .bind("now", SqlTime.utc(now))
                        .bind("by", name(by))
                        .bind("id", id))
                .findOne());
  }

  @Override
  public long deleteIdleBefore(Instant time) {
    return database.inTransaction(
        "delete old rules",
        handle ->
            (long)
                handle
                    .createUpdate(
                        """
                        DELETE FROM detection_rule
                        WHERE state <> 'ACCEPTED' AND coalesce(decided_at, proposed_at) < :time
                        """)
                    .bind("time", SqlTime.utc(time))
                    .execute());
  }

  private static ResultIterable<DetectionRule> rules(Query query) {
    return query.map((row, context) -> read(row));
  }

  private static DetectionRule read(ResultSet row) throws SQLException {
    Timestamp decided = row.getTimestamp("decided_at");
    return new DetectionRule(
        row.getLong("id"),
        row.getString("incident_id"),
        row.getString("service"),
        Channel.valueOf(row.getString("channel")),
        row.getString("operation"),
        row.getObject("multiplier", Double.class),
        DetectionRule.State.valueOf(row.getString("state")),
        row.getString("reason"),
        row.getString("proposed_by"),
        row.getTimestamp("proposed_at").toInstant(),
        decided == null ? null : decided.toInstant(),
        row.getString("decided_by"),
        row.getString("effect"));
  }

  private static String name(String name) {
    return StoredText.clean(name, StoredText.NAME_BYTES_MAX);
  }
}
