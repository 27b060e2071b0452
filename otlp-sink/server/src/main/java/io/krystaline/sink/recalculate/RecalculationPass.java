package io.krystaline.sink.recalculate;

import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.HourStatistics;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.platform.telemetry.Tally;
import io.krystaline.sink.store.BaselineStore;
import io.krystaline.sink.store.HourRow;
import io.krystaline.sink.store.StoredBaseline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One pass over operations: builds each baseline, stores a batch, then installs it. Holds one batch
 * at a time. Used by one thread.
 */
final class RecalculationPass {
  private final int batchMax;
  private final OperationDirectory directory;
  private final BaselineSettings settings;
  private final BaselineStore baselines;
  private final Instant calculated;
  private final ExcludedHours excluded;
  private final Tally corruptRows;
  private final List<Built> batch = new ArrayList<>();
  private long operations;

  private record Built(OperationKey operation, Baseline baseline, HourStatistics history) {}

  RecalculationPass(
      int batchMax,
      OperationDirectory directory,
      BaselineStore baselines,
      Instant calculated,
      ExcludedHours excluded,
      Tally corruptRows) {
    this.batchMax = batchMax;
    this.directory = directory;
    this.settings = directory.settings();
    this.baselines = baselines;
    this.calculated = calculated;
    this.excluded = excluded;
    this.corruptRows = corruptRows;
  }

  /**
   * Builds the baseline of one operation. One whose hours are all excluded learns anew; one whose
   * hours can't be read keeps the baseline that it has.
   */
  void take(OperationKey operation, List<HourRow> hours) {
    List<HourRow> wanted = excluded.without(operation, hours);
    StoredHours read = StoredHours.read(wanted, settings, corruptRows);
    if (read.history().count() == 0 && !wanted.isEmpty()) {
      return;
    }
    batch.add(new Built(operation, read.baseline(), read.history()));
    if (batch.size() >= batchMax) {
      finish();
    }
  }

  /** Stores and installs what is left. */
  void finish() {
    if (batch.isEmpty()) {
      return;
    }
    baselines.save(
        batch.stream()
            .map(built -> new StoredBaseline(built.operation, calculated, built.baseline.toBytes()))
            .toList());
    for (Built built : batch) {
      Installer.install(directory, built.operation, built.baseline, built.history);
    }
    operations += batch.size();
    batch.clear();
  }

  /** How many baselines are stored and installed. */
  long operations() {
    return operations;
  }
}
