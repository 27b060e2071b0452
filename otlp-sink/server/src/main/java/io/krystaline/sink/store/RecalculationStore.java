package io.krystaline.sink.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the runs of the recalculation, and sees to it that one runs at a time, over all processes
 * on one database.
 *
 * <p>A run is alive while it is {@linkplain #renew renewed} at least every {@link #LEASE}. One that
 * is not was left behind by a crash; the next start fails it.
 *
 * <p>Every method may block on a database, and throws {@link
 * io.krystaline.platform.db.DatabaseUnavailableException} where it cannot be reached or does not
 * answer in time. Safe for use by several threads and processes.
 */
public interface RecalculationStore {

  /** How long a run that is not renewed counts as alive. Renew every 5 seconds. */
  Duration LEASE = Duration.ofSeconds(30);

  /** The error of a run that a crash has left behind. */
  String ABANDONED = "the process that ran it has stopped";

  /** Begins a run, unless one is alive. */
  RecalculationStart start(RecalculationKind kind, Instant now);

  /**
   * Says that a run goes on.
   *
   * @param operations how many operations have a new baseline so far
   * @return false where the run has ended meanwhile, as another process took it for dead
   */
  boolean renew(long id, Instant now, long operations);

  /** Ends a run well. Does nothing where it has ended already. */
  void succeed(long id, Instant now, long operations);

  /** Ends a run that failed. Does nothing where it has ended already. */
  void fail(long id, Instant now, String error);

  /**
   * Fails the runs that a crash has left behind. To be called at start.
   *
   * @param renewedBefore runs that were last renewed before this time are dead: {@code now -}
   *     {@link #LEASE} where other processes may use the database, {@code now} where none can
   * @return how many there were
   */
  int failAbandoned(Instant renewedBefore, Instant now);

  /** The newest runs, newest first. */
  List<RecalculationRun> latest(int limit);

  /** The newest run that succeeded. */
  Optional<RecalculationRun> lastSucceeded();

  /** Deletes runs that ended before a time, but never the last that succeeded. */
  long deleteFinishedBefore(Instant time);
}
