package io.krystaline.sink.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps silences. Every method may block on a database, and throws {@link
 * io.krystaline.platform.db.DatabaseUnavailableException} where it cannot be reached. Safe for use
 * by several threads and processes.
 */
public interface SilenceStore {

  /** The most silences that are active at once. */
  int ACTIVE_MAX = 1_000;

  /**
   * Keeps a new silence.
   *
   * @param draft its id is not looked at
   * @return as it is kept; empty where too many are active
   */
  Optional<Silence> create(Silence draft);

  /** Those that are active at a time, the newest first. */
  List<Silence> active(Instant now);

  /** The newest, whether they are active or not. */
  List<Silence> latest(int limit);

  /** One silence. */
  Optional<Silence> byId(long id);

  /**
   * Ends a silence.
   *
   * @return as it is now; empty where there is none of this id that is active
   */
  Optional<Silence> end(long id, Instant now, String by);

  /**
   * Deletes those that could not silence anything any more before a time.
   *
   * @return how many
   */
  long deleteEndedBefore(Instant time);
}
