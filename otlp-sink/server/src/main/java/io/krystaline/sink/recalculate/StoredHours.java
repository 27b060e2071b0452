package io.krystaline.sink.recalculate;

import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.BaselineBuilder;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.HourSlice;
import io.krystaline.engine.baseline.HourStatistics;
import io.krystaline.platform.telemetry.Tally;
import io.krystaline.sink.checkpoint.HourRows;
import io.krystaline.sink.store.HourRow;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the stored hours of one operation say.
 *
 * @param baseline made of them
 * @param history all of them together; empty where none could be read
 */
record StoredHours(Baseline baseline, HourStatistics history) {
  private static final Logger logger = LoggerFactory.getLogger(StoredHours.class);

  /** Reads hours; one that cannot be read is left out and counted. */
  static StoredHours read(List<HourRow> hours, BaselineSettings settings, Tally corruptRows) {
    BaselineBuilder builder = new BaselineBuilder(settings);
    HourStatistics history = new HourStatistics();
    for (HourRow hour : hours) {
      try {
        HourSlice slice = HourRows.slice(hour);
        builder.add(slice.epochHour(), slice.statistics());
        history.merge(slice.statistics());
      } catch (IllegalArgumentException e) {
        corruptRows.increment();
        logger.warn("hour {} of {} is left out", hour.epochHour(), hour.operation(), e);
      }
    }
    return new StoredHours(builder.build(), history);
  }
}
