package io.krystaline.sink.store;

import java.time.Instant;
import java.util.List;

/**
 * Keeps the last baseline of each operation, so that a start has them at once.
 *
 * <p>Every method may block on a database, and throws {@link
 * io.krystaline.platform.db.DatabaseUnavailableException} where it cannot be reached or does not
 * answer in time. Safe for use by several threads.
 */
public interface BaselineStore {

  /**
   * Replaces the baselines of these operations, in one transaction; others stay.
   *
   * @throws IllegalArgumentException if two are of the same operation
   */
  void save(List<StoredBaseline> baselines);

  /** All baselines, ordered by service, operation and kind. */
  List<StoredBaseline> loadAll();

  /** Deletes the baselines that were calculated before a time, and returns how many they were. */
  long deleteCalculatedBefore(Instant time);
}
