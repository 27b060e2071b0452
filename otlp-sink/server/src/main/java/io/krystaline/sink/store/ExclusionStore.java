package io.krystaline.sink.store;

import java.util.List;
import java.util.Optional;

/**
 * Keeps exclusions. Every method may block on a database, and throws {@link
 * io.krystaline.platform.db.DatabaseUnavailableException} where it cannot be reached. Safe for use
 * by several threads and processes.
 */
public interface ExclusionStore {

  /** The most exclusions that are kept. */
  int EXCLUSIONS_MAX = 10_000;

  /**
   * Keeps an exclusion.
   *
   * @param draft its id is not looked at
   * @return as it is kept; empty where there are too many
   */
  Optional<Exclusion> create(Exclusion draft);

  /** Those that reach beyond an event time, nanoseconds since the epoch; the oldest first. */
  List<Exclusion> since(long nanos);

  /** Those of an incident, the oldest first. */
  List<Exclusion> ofIncident(String incidentId);

  /**
   * Deletes those that end at an event time, nanoseconds since the epoch, or before it.
   *
   * @return how many
   */
  long deleteUntil(long nanos);
}
