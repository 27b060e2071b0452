package io.krystaline.sink.store;

import io.krystaline.engine.span.OperationKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Keeps the hourly statistics of each operation, from which baselines are made.
 *
 * <p>Every method may block on a database, and throws {@link
 * io.krystaline.platform.db.DatabaseUnavailableException} where it cannot be reached or does not
 * answer in time. Safe for use by several threads and several processes.
 */
public interface StatisticsStore {

  /** How far {@link #changedSince} looks back behind the time that is asked for. */
  Duration CHANGED_OVERLAP = Duration.ofSeconds(30);

  /**
   * Adds the rows of a checkpoint to those stored, in one transaction, once: a checkpoint whose
   * number is not above the last one of its run has been applied before, and changes nothing.
   *
   * @param rows at most one for an operation and hour
   * @return false where the checkpoint was applied before
   * @throws IllegalArgumentException if two rows are of the same operation and hour
   */
  boolean merge(CheckpointId checkpoint, List<HourRow> rows);

  /** Visits all operations that have statistics since an hour (inclusive), with these. */
  void scan(long sinceEpochHour, HoursVisitor visitor);

  /** Visits those of the given operations that have statistics since an hour (inclusive). */
  void scan(Collection<OperationKey> operations, long sinceEpochHour, HoursVisitor visitor);

  /**
   * The operations whose statistics were changed at or after a time. As a checkpoint becomes
   * visible a little later than its time, those of {@link #CHANGED_OVERLAP} before are given too.
   */
  List<OperationKey> changedSince(Instant time);

  /**
   * Deletes a bounded number of rows of hours before one, and forgets checkpoint numbers of runs
   * that ended long ago.
   *
   * @return how many rows were deleted
   */
  long deleteBefore(long epochHour, int limit);
}
