package io.krystaline.sink.store;

import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import io.krystaline.platform.db.DatabaseUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The in-memory twin of {@link PostgresNotificationStore}, held by the same contract. */
public final class InMemoryNotificationStore implements NotificationStore {
  private static final class Row {
    private final long id;
    private final NewNotification notification;
    private final Instant created;
    private NotificationChange change;
    private Instant due;
    private @Nullable Instant leasedUntil;
    private @Nullable Instant finished;
    private @Nullable String batch;
    private int attempts;
    private String state = "PENDING";
    private @Nullable String error;

    Row(long id, NewNotification notification, Instant created, Instant due) {
      this.id = id;
      this.notification = notification;
      this.change = notification.change();
      this.created = created;
      this.due = due;
    }

    boolean isPending() {
      return state.equals("PENDING");
    }

    boolean isLeased(Instant now) {
      return leasedUntil != null && leasedUntil.isAfter(now);
    }

    boolean isOf(String channel, String incidentId) {
      return notification.channel().equals(channel) && notification.incidentId().equals(incidentId);
    }

    void finish(String newState, Instant now, @Nullable String newError) {
      state = newState;
      finished = now;
      leasedUntil = null;
      error = newError;
    }
  }

  private static final class Told {
    private Severity severity = Severity.LOW;
    private Priority priority = Priority.P2;
    private int reopened;
    private boolean resolved;
    private Instant changed = Instant.MIN;
    private @Nullable String delivered;
  }

  private record ToldKey(String incidentId, String channel) {}

  private final TreeMap<Long, Row> rows = new TreeMap<>();
  private final TreeMap<ToldKey, Told> told =
      new TreeMap<>(Comparator.comparing(ToldKey::incidentId).thenComparing(ToldKey::channel));
  private long lastId;
  private boolean unavailable;

  /** While set, every call throws {@link DatabaseUnavailableException}. */
  public synchronized void setUnavailable(boolean value) {
    unavailable = value;
  }

  /** The state, change and error of each notification, in order. */
  public synchronized List<String> states() {
    return rows.values().stream()
        .map(row -> row.state + " " + row.change + (row.error == null ? "" : " " + row.error))
        .toList();
  }

  @Override
  public synchronized Queued queue(
      String incidentId,
      Instant now,
      int pendingMax,
      Function<List<ToldIncident>, List<NewNotification>> decide) {
    check();
    int added = 0;
    int refused = 0;
    for (NewNotification notification : decide.apply(told(incidentId))) {
      if (pending(notification.channel()) >= pendingMax) {
        refused++;
        continue;
      }
      if (rows.values().stream()
          .noneMatch(row -> row.notification.key().equals(notification.key()))) {
        add(notification, now);
        added++;
      }
      Told state =
          told.computeIfAbsent(new ToldKey(incidentId, notification.channel()), _ -> new Told());
      state.changed = now;
      state.severity = notification.severity();
      state.priority = notification.priority();
      state.reopened = notification.reopened();
      state.resolved = notification.change() == NotificationChange.RESOLVED;
    }
    return new Queued(added, refused);
  }

  private List<ToldIncident> told(String incidentId) {
    List<ToldIncident> found = new ArrayList<>();
    told.forEach(
        (key, state) -> {
          if (key.incidentId().equals(incidentId)) {
            found.add(
                new ToldIncident(
                    key.channel(),
                    incidentId,
                    state.severity,
                    state.priority,
                    state.reopened,
                    state.resolved,
                    state.delivered != null
                        || rows.values().stream()
                            .anyMatch(
                                row -> row.isPending() && row.isOf(key.channel(), incidentId))));
          }
        });
    return found;
  }

  private void add(NewNotification notification, Instant now) {
    Instant due = now.plus(notification.groupWait());
    if (notification.groupWait().isPositive()) {
      due =
          rows.values().stream()
              .filter(Row::isPending)
              .filter(row -> row.notification.channel().equals(notification.channel()))
              .filter(row -> row.notification.groupKey().equals(notification.groupKey()))
              .filter(row -> row.notification.priority() != Priority.P0 && row.batch == null)
              .map(row -> row.due)
              .filter(now::isBefore)
              .min(Comparator.naturalOrder())
              .filter(due::isAfter)
              .orElse(due);
    }
    Row row = new Row(++lastId, notification, now, due);
    if (notification.change() != NotificationChange.RESOLVED) {
      long after =
          rows.values().stream()
              .filter(older -> older.isPending() && older.change == NotificationChange.RESOLVED)
              .filter(older -> older.isOf(notification.channel(), notification.incidentId()))
              .mapToLong(older -> older.id)
              .max()
              .orElse(0);
      List<NotificationChange> superseded = new ArrayList<>();
      for (Row older : rows.tailMap(after, false).values()) {
        if (older.isPending()
            && !older.isLeased(now)
            && older.isOf(notification.channel(), notification.incidentId())) {
          superseded.add(older.change);
          older.finish("SUPERSEDED", now, null);
        }
      }
      row.change = notification.change().after(superseded);
    }
    rows.put(row.id, row);
  }

  @Override
  public synchronized List<QueuedNotification> claim(
      String channel, int limit, Instant now, Duration lease) {
    check();
    List<Row> taken =
        rows.values().stream()
            .filter(row -> row.isPending() && row.notification.channel().equals(channel))
            .filter(row -> !row.due.isAfter(now) && !row.isLeased(now))
            .filter(row -> isNext(row, now))
            .sorted(
                Comparator.comparing((Row row) -> row.notification.priority() != Priority.P0)
                    .thenComparingLong(row -> row.id))
            .limit(limit)
            .toList();
    taken.forEach(row -> row.leasedUntil = now.plus(lease));
    return taken.stream().map(this::queued).toList();
  }

  private boolean isNext(Row row, Instant now) {
    return rows.headMap(row.id).values().stream()
        .filter(Row::isPending)
        .filter(older -> older.isOf(row.notification.channel(), row.notification.incidentId()))
        .noneMatch(older -> older.due.isAfter(now) || older.isLeased(now));
  }

  private QueuedNotification queued(Row row) {
    Told state = told.get(new ToldKey(row.notification.incidentId(), row.notification.channel()));
    return new QueuedNotification(
        row.id,
        row.notification.channel(),
        row.notification.incidentId(),
        row.change,
        row.notification.key(),
        row.notification.priority(),
        row.notification.groupKey(),
        row.batch,
        row.attempts,
        row.created,
        row.notification.document(),
        state == null ? null : state.delivered);
  }

  @Override
  public synchronized void joinBatch(Collection<Long> ids, String batch) {
    check();
    pending(ids).forEach(row -> row.batch = batch);
  }

  @Override
  public synchronized void delivered(Collection<Long> ids, Instant now) {
    check();
    for (Row row : pending(ids)) {
      Told state = told.get(new ToldKey(row.notification.incidentId(), row.notification.channel()));
      if (state != null) {
        state.delivered = row.notification.document();
      }
      row.finish("DELIVERED", now, null);
    }
  }

  @Override
  public synchronized void failed(Collection<Long> ids, Instant due, String error) {
    check();
    for (Row row : pending(ids)) {
      row.due = due;
      row.leasedUntil = null;
      row.attempts++;
      row.error = error;
    }
  }

  @Override
  public synchronized void postpone(Collection<Long> ids, Instant due) {
    check();
    for (Row row : pending(ids)) {
      row.due = due;
      row.leasedUntil = null;
    }
  }

  @Override
  public synchronized int giveUp(Collection<Long> ids, Instant now, String error) {
    check();
    int dead = 0;
    for (Row row : pending(ids)) {
      row.finish("DEAD", now, error);
      dead++;
    }
    for (Row row : List.copyOf(rows.values())) {
      String incident = row.notification.incidentId();
      String channel = row.notification.channel();
      Told state = told.get(new ToldKey(incident, channel));
      boolean concerned =
          ids.stream()
              .anyMatch(
                  id -> {
                    Row given = rows.get(id);
                    return given != null && given.isOf(channel, incident);
                  });
      boolean first =
          rows.headMap(row.id).values().stream()
              .noneMatch(older -> older.isPending() && older.isOf(channel, incident));
      if (row.isPending()
          && row.change == NotificationChange.RESOLVED
          && concerned
          && first
          && state != null
          && state.delivered == null) {
        row.finish("DEAD", now, "its incident was never told");
        dead++;
      }
    }
    return dead;
  }

  @Override
  public synchronized List<StandingIncident> standing(String channel, int limit) {
    check();
    return told.entrySet().stream()
        .filter(entry -> entry.getKey().channel().equals(channel))
        .filter(entry -> !entry.getValue().resolved)
        .sorted(Comparator.comparing(entry -> entry.getValue().changed))
        .flatMap(
            entry ->
                Optional.ofNullable(entry.getValue().delivered)
                    .map(document -> new StandingIncident(entry.getKey().incidentId(), document))
                    .stream())
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized long pending(String channel) {
    check();
    return rows.values().stream()
        .filter(row -> row.isPending() && row.notification.channel().equals(channel))
        .count();
  }

  @Override
  public synchronized long deleteFinishedBefore(Instant time) {
    check();
    told.values().removeIf(state -> state.resolved && state.changed.isBefore(time));
    int before = rows.size();
    rows.values().removeIf(row -> row.finished != null && row.finished.isBefore(time));
    return before - (long) rows.size();
  }

  private List<Row> pending(Collection<Long> ids) {
    return rows.values().stream().filter(row -> ids.contains(row.id) && row.isPending()).toList();
  }

  private void check() {
    if (unavailable) {
      throw new DatabaseUnavailableException("the in-memory store is set to be unavailable");
    }
  }
}
