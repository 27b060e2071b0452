package io.krystaline.sink.offline;

import io.krystaline.engine.baseline.BaselineBuilder;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.HourSlice;
import io.krystaline.engine.baseline.HourStatistics;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.score.Scorer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps the hourly statistics of a run in memory and recalculates baselines from them, as the
 * service does from its store. Memory: one sketch per operation and hour of the window.
 */
final class EventTimeBaselines {
  private final OperationDirectory directory;
  private final BaselineSettings settings;
  private final Duration window;
  private final Map<Operation, TreeMap<Long, HourStatistics>> hours = new HashMap<>();

  EventTimeBaselines(OperationDirectory directory, Duration window) {
    this.directory = directory;
    this.settings = directory.settings();
    this.window = window;
  }

  /**
   * Takes over what the scorer has learned, and installs baselines made of the window before {@code
   * nowNanos}.
   */
  void recalculate(Scorer scorer, long nowNanos) {
    scorer.flush(nowNanos);
    long oldest = HourSlice.epochHourOf(nowNanos) - window.toHours();
    for (Operation operation : directory.operations()) {
      TreeMap<Long, HourStatistics> kept =
          hours.computeIfAbsent(operation, absent -> new TreeMap<>());
      for (HourSlice slice : operation.drainPending()) {
        kept.merge(slice.epochHour(), slice.statistics(), EventTimeBaselines::merged);
      }
      kept.headMap(oldest).clear();
      install(operation, kept);
    }
  }

  private void install(Operation operation, Map<Long, HourStatistics> kept) {
    if (kept.isEmpty()) {
      return;
    }
    List<HourSlice> slices =
        kept.entrySet().stream()
            .map(entry -> new HourSlice(entry.getKey(), entry.getValue()))
            .toList();
    HourStatistics history = new HourStatistics();
    slices.forEach(slice -> history.merge(slice.statistics()));
    operation.install(BaselineBuilder.build(slices.iterator(), settings), history);
  }

  private static HourStatistics merged(HourStatistics kept, HourStatistics added) {
    kept.merge(added);
    return kept;
  }
}
