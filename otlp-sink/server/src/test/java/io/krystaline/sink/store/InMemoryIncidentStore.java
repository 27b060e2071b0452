package io.krystaline.sink.store;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.platform.db.DatabaseUnavailableException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The in-memory twin of {@link PostgresIncidentStore}, held by the same contract. */
public final class InMemoryIncidentStore implements IncidentStore {
  private static final Comparator<StoredIncident> NEWEST =
      Comparator.<StoredIncident>comparingLong(stored -> stored.incident().startNanos())
          .thenComparing(stored -> stored.incident().id())
          .reversed();

  private record Row(StoredIncident stored, Instant at, List<IncidentEntry> entries) {}

  private final InstantSource clock;
  private final Map<String, Row> rows = new HashMap<>();
  private long lastNumber;
  private boolean unavailable;

  public InMemoryIncidentStore(InstantSource clock) {
    this.clock = clock;
  }

  /** While set, every call throws {@link DatabaseUnavailableException}. */
  public synchronized void setUnavailable(boolean value) {
    unavailable = value;
  }

  @Override
  public synchronized List<IncidentChange> save(Incident incident) {
    check();
    Row before = rows.get(incident.id());
    IncidentStep step =
        IncidentStep.between(before == null ? null : before.stored.incident(), incident);
    if (step.changes().isEmpty()) {
      return List.of();
    }
    boolean reopened = step.changes().contains(IncidentChange.REOPENED);
    Acknowledgement acknowledgement =
        before == null || reopened ? null : before.stored.acknowledgement();
    List<IncidentEntry> entries = before == null ? new ArrayList<>() : before.entries;
    Instant now = clock.instant();
    if (entries.size() < ENTRIES_MAX) {
      for (IncidentStep.Line line : step.lines()) {
        entries.add(
            new IncidentEntry(
                ++lastNumber, line.action(), now, line.eventNanos(), null, line.text()));
      }
    }
    rows.put(incident.id(), new Row(new StoredIncident(incident, acknowledgement), now, entries));
    return step.changes();
  }

  @Override
  public synchronized IncidentPage find(
      IncidentFilter filter, int limit, @Nullable IncidentCursor cursor) {
    check();
    IncidentStore.checkLimit(limit);
    List<StoredIncident> found =
        rows.values().stream()
            .map(Row::stored)
            .filter(stored -> filter.matches(stored.incident()))
            .sorted(NEWEST)
            .filter(stored -> cursor == null || isBehind(stored.incident(), cursor))
            .toList();
    if (found.size() <= limit) {
      return new IncidentPage(found, null);
    }
    Incident last = found.get(limit - 1).incident();
    return new IncidentPage(
        found.subList(0, limit), new IncidentCursor(last.startNanos(), last.id()));
  }

  private static boolean isBehind(Incident incident, IncidentCursor cursor) {
    return incident.startNanos() < cursor.startNanos()
        || (incident.startNanos() == cursor.startNanos()
            && incident.id().compareTo(cursor.id()) < 0);
  }

  @Override
  public synchronized Optional<StoredIncident> byId(String id) {
    check();
    return Optional.ofNullable(rows.get(id)).map(Row::stored);
  }

  @Override
  public synchronized List<IncidentEntry> entries(String id) {
    check();
    return Optional.ofNullable(rows.get(id)).map(row -> List.copyOf(row.entries)).orElse(List.of());
  }

  @Override
  public synchronized Acknowledging acknowledge(String id, String by, String comment) {
    check();
    Row row = rows.get(id);
    if (row == null) {
      return new Acknowledging.Unknown();
    }
    Acknowledgement earlier = row.stored.acknowledgement();
    if (earlier != null) {
      return new Acknowledging.AlreadyDone(earlier);
    }
    Instant now = clock.instant();
    StoredIncident stored =
        new StoredIncident(row.stored.incident(), new Acknowledgement(by, now, comment));
    rows.put(id, new Row(stored, row.at, row.entries));
    row.entries.add(
        new IncidentEntry(++lastNumber, IncidentEntry.Action.ACKNOWLEDGED, now, null, by, comment));
    return new Acknowledging.Done(stored);
  }

  @Override
  public synchronized Noting note(String id, IncidentEntry.Action action, String by, String text) {
    check();
    Row row = rows.get(id);
    if (row == null) {
      return Noting.UNKNOWN;
    }
    if (row.entries.size() >= ENTRIES_MAX) {
      return Noting.FULL;
    }
    row.entries.add(new IncidentEntry(++lastNumber, action, clock.instant(), null, by, text));
    return Noting.WRITTEN;
  }

  @Override
  public synchronized List<Incident> closeAbandoned(Instant storedBefore) {
    check();
    List<Incident> closed =
        rows.values().stream()
            .filter(row -> row.stored.incident().isOpen() && row.at.isBefore(storedBefore))
            .map(row -> row.stored.incident().abandoned())
            .sorted(Comparator.comparingLong(Incident::startNanos).thenComparing(Incident::id))
            .toList();
    closed.forEach(this::save);
    return closed;
  }

  @Override
  public synchronized long deleteStoredBefore(Instant time, int limit) {
    check();
    List<String> old =
        rows.entrySet().stream()
            .filter(row -> row.getValue().at.isBefore(time))
            .map(Map.Entry::getKey)
            .limit(limit)
            .toList();
    old.forEach(rows::remove);
    return old.size();
  }

  private void check() {
    if (unavailable) {
      throw new DatabaseUnavailableException("the database is switched off");
    }
  }
}
