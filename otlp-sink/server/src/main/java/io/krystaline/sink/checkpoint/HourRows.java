package io.krystaline.sink.checkpoint;

import io.krystaline.engine.baseline.HourSlice;
import io.krystaline.engine.baseline.HourStatistics;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.sink.store.HourMerger;
import io.krystaline.sink.store.HourRow;

/**
 * The engine's hourly statistics as rows of the store and back. The row's bytes are the whole
 * {@link HourStatistics}; its other columns say the same for whoever reads the table.
 */
public final class HourRows {
  /** Adds the statistics of two rows. */
  public static final HourMerger MERGER = HourRows::merge;

  private HourRows() {}

  /** The row of one operation and hour; the statistics are not empty. */
  public static HourRow row(OperationKey operation, long epochHour, HourStatistics statistics) {
    return new HourRow(
        operation,
        epochHour,
        statistics.count(),
        statistics.meanNanos(),
        statistics.squaredDeviations(),
        statistics.minNanos(),
        statistics.maxNanos(),
        statistics.toBytes());
  }

  /**
   * The statistics of a row.
   *
   * @throws IllegalArgumentException if its bytes are no statistics
   */
  public static HourSlice slice(HourRow row) {
    return new HourSlice(row.epochHour(), HourStatistics.fromBytes(row.sketch()));
  }

  private static HourRow merge(HourRow stored, HourRow added) {
    HourStatistics sum = HourStatistics.fromBytes(stored.sketch());
    sum.merge(HourStatistics.fromBytes(added.sketch()));
    return row(stored.operation(), stored.epochHour(), sum);
  }
}
