package io.krystaline.sink.store;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last state of each incident, and a log of what happened to it and what people did with
 * it.
 *
 * <p>Every method may block on a database and is therefore not for event loops. Every method throws
 * {@link io.krystaline.platform.db.DatabaseUnavailableException} where it cannot be reached or does
 * not answer in time. Safe for use by several threads and processes. Incidents are listed by start,
 * the newest first, then by id.
 */
public interface IncidentStore {

  /** The most items on one page. */
  int PAGE_LIMIT_MAX = 1_000;

  /** The most entries that an incident's log takes. */
  int ENTRIES_MAX = 1_000;

  /**
   * Keeps a state of an incident, in one transaction: when this returns it is durable. A state that
   * is not later than the one that is kept changes nothing; the call may be repeated, and states
   * may come in any order. One that is opened again loses its acknowledgement.
   *
   * @return what changed, in the order in which it happened: an unknown incident was opened, even
   *     where its first state that comes is closed already; empty where nothing did
   */
  List<IncidentChange> save(Incident incident);

  /**
   * Lists incidents.
   *
   * @param limit the most items wanted, 1 to {@link #PAGE_LIMIT_MAX}
   * @param cursor where the page begins; null for the first page
   */
  IncidentPage find(IncidentFilter filter, int limit, @Nullable IncidentCursor cursor);

  /** One incident. */
  Optional<StoredIncident> byId(String id);

  /** Its log, the oldest entry first; empty where there is no such incident. */
  List<IncidentEntry> entries(String id);

  /** Says that somebody takes care of an incident. */
  Acknowledging acknowledge(String id, String by, String comment);

  /** Adds to the log what a person did: a comment, a mark as false, an exclusion. */
  Noting note(String id, IncidentEntry.Action action, String by, String text);

  /**
   * Closes open incidents of which no state was stored since a time: the process that watched them
   * has stopped. Their end is the time of their last state. To be called at start.
   *
   * @return those that were closed
   */
  List<Incident> closeAbandoned(Instant storedBefore);

  /**
   * Deletes a bounded number of incidents whose last state was stored before a time, with their
   * logs.
   *
   * @return how many
   */
  long deleteStoredBefore(Instant time, int limit);

  /** Checks a page's limit. */
  static int checkLimit(int limit) {
    if (limit < 1 || limit > PAGE_LIMIT_MAX) {
      throw new IllegalArgumentException("a page's limit is 1 to " + PAGE_LIMIT_MAX);
    }
    return limit;
  }
}
