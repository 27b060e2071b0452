package io.krystaline.engine.score;

import static io.krystaline.engine.score.OperationTable.COLLECTED_NANOS_MAX;
import static io.krystaline.engine.score.OperationTable.GENERATION;
import static io.krystaline.engine.score.OperationTable.HOUR;
import static io.krystaline.engine.score.OperationTable.LAST_END;
import static io.krystaline.engine.score.OperationTable.RUN_MAX;
import static io.krystaline.engine.score.OperationTable.THRESHOLD_5;

import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.HourOfWeek;
import io.krystaline.engine.baseline.HourSlice;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.SpanBatch;
import org.jspecify.annotations.Nullable;

/**
 * Scores and learns the spans of one thread.
 *
 * <p>For each span: find its operation by the bytes of its name, compare its duration with the five
 * thresholds of the hour in which it started, hand it on when it is far enough beyond, and note its
 * duration. Durations are taught to the shared {@link Operation} in runs of at most 40, at once
 * when its hour changes, a provisional baseline is due, or one is longer than 4 s; of an operation
 * with very many spans in an hour some teach for all, see {@link TeachingShare}. A normal span of a
 * known operation allocates nothing and takes no lock; every 40th takes that of its operation.
 *
 * <p>A scorer is not thread-safe; each thread has its own over one directory. With one scorer the
 * same spans in the same order always give the same anomalies, however they are cut into batches
 * and whenever {@link #flush} is called.
 */
public final class Scorer {
  private final OperationDirectory directory;
  private final RecentSpans recentSpans;
  private final RecordingLimit recordingLimit;
  private final ScoringSettings settings;
  private final OperationTable table = new OperationTable();
  private final OperationFinder finder;
  private final HourOfWeek hourOfWeek;
  private final ScoringCounts counts = new ScoringCounts();

  /** By row of the last batch: the cell of its operation, -1 for a row out of the range. */
  private int[] cellOfRow = new int[512];

  /** By row of the batch at hand: how many spans the span teaches for; 0 where it does not. */
  private byte[] timesOfRow = new byte[512];

  /** What is taught in one go: a cell's durations, and one that is too long for the cell. */
  private final long[] runNanos = new long[RUN_MAX + 1];

  private long generation;
  private long latestNanos;

  /** A scorer that shares its limit of what is recorded with no other. */
  public Scorer(OperationDirectory directory, RecentSpans recentSpans, ScoringSettings settings) {
    this(directory, recentSpans, new RecordingLimit(settings.nonCriticalPerSecond()), settings);
  }

  /**
   * A scorer for the calling thread or one that it starts.
   *
   * @param recentSpans what tells repeated spans; may be shared with other scorers
   * @param recordingLimit what bounds the anomalies that are not critical; may be shared, too
   */
  public Scorer(
      OperationDirectory directory,
      RecentSpans recentSpans,
      RecordingLimit recordingLimit,
      ScoringSettings settings) {
    this.directory = directory;
    this.recentSpans = recentSpans;
    this.recordingLimit = recordingLimit;
    this.settings = settings;
    this.finder = new OperationFinder(directory, table);
    this.hourOfWeek = new HourOfWeek(directory.settings().zone());
  }

  /**
   * Scores and learns every span of a batch.
   *
   * @param nowNanos the time of arrival, nanoseconds since the epoch; not used in event time
   */
  public void score(SpanBatch batch, long nowNanos, MarkVisitor visitor) {
    run(batch, nowNanos, TimeRange.ALL, visitor);
  }

  /** As {@link #score(SpanBatch, long, MarkVisitor)}, but passes over spans out of a range. */
  public void score(SpanBatch batch, long nowNanos, TimeRange range, MarkVisitor visitor) {
    run(batch, nowNanos, range, visitor);
  }

  /** Only learns the spans of a batch that start in a range. */
  public void learn(SpanBatch batch, long nowNanos, TimeRange range) {
    run(batch, nowNanos, range, null);
  }

  /** Teaches all durations collected so far, before the thread ends. */
  public void flush(long nowNanos) {
    flush(0, Integer.MAX_VALUE, nowNanos);
  }

  /**
   * Teaches all durations of some operations collected so far, for a checkpoint.
   *
   * @param from the least index of these operations in the directory
   * @param until one beyond the greatest
   */
  public void flush(int from, int until, long nowNanos) {
    long now = settings.eventTime() ? latestNanos : nowNanos;
    for (int cell = 0; cell < table.end(); cell += OperationTable.WORDS) {
      int index = table.operation(cell).index();
      if (index >= from && index < until) {
        teach(cell, now);
      }
    }
  }

  /**
   * The operation that a row of the last batch was scored or learned as; null for a row out of the
   * range. Valid until the next batch.
   */
  public @Nullable Operation operation(int row) {
    return cellOfRow[row] < 0 ? null : table.operation(cellOfRow[row]);
  }

  /** The operations that it teaches. */
  public OperationDirectory directory() {
    return directory;
  }

  /** What was counted; may be read by any thread. */
  public ScoringCounts counts() {
    return counts;
  }

  private void run(SpanBatch batch, long nowNanos, TimeRange range, @Nullable MarkVisitor visitor) {
    generation = Integer.toUnsignedLong(directory.generation());
    finder.begin(batch);
    boolean eventTime = settings.eventTime();
    long oldest = eventTime ? 0 : Math.max(0, nowNanos - settings.learnedAgeMax().toNanos());
    long newest = eventTime ? -1 : nowNanos + settings.learnedAheadMax().toNanos();
    int spans = batch.spanCount();
    if (spans > cellOfRow.length) {
      cellOfRow = new int[Math.max(spans, cellOfRow.length * 2)];
      timesOfRow = new byte[cellOfRow.length];
    }
    int passedOver = findOperations(batch, range, oldest, newest);
    findRepeated(batch);
    int learning = 0;
    try {
      for (int row = 0; row < spans; row++) {
        int cell = cellOfRow[row];
        if (cell < 0) {
          continue;
        }
        long start = batch.startNanos(row);
        if (eventTime && Long.compareUnsigned(batch.endNanos(row), latestNanos) > 0) {
          latestNanos = batch.endNanos(row);
        }
        long now = eventTime ? latestNanos : nowNanos;
        long[] cells = table.cells();
        if (Long.compareUnsigned(start - cells[cell + HOUR], HourSlice.HOUR_NANOS) >= 0
            || cells[cell + GENERATION] != generation) {
          prepare(cell, start, now);
        }
        long duration = batch.durationNanos(row);
        if (duration < 0) {
          duration = Long.MAX_VALUE;
        }
        long lowest = cells[cell + THRESHOLD_5];
        if (duration > lowest) {
          mark(batch, row, cell, duration, now, visitor);
        } else if (lowest == Baseline.NEVER) {
          learning++;
        }
        if (timesOfRow[row] > 0) {
          collect(cells, cell, duration, timesOfRow[row], batch.endNanos(row), now);
        }
      }
    } finally {
      counts.add(ScoringCounter.OUT_OF_RANGE, passedOver);
      counts.add(ScoringCounter.STILL_LEARNING, learning);
      if (visitor != null) {
        counts.add(ScoringCounter.SCORED, spans - passedOver);
      }
      counts.publish();
    }
  }

  /**
   * Finds the cell of each span in the range, and whether it teaches.
   *
   * @return how many spans are out of the range
   */
  private int findOperations(SpanBatch batch, TimeRange range, long oldest, long newest) {
    long rangeWidth = range.untilNanos() - range.fromNanos();
    long hourStart = 0;
    long epochHour = 0;
    int passedOver = 0;
    for (int row = 0; row < batch.spanCount(); row++) {
      long start = batch.startNanos(row);
      timesOfRow[row] = 0;
      if (Long.compareUnsigned(start - range.fromNanos(), rangeWidth) >= 0) {
        cellOfRow[row] = -1;
        passedOver++;
        continue;
      }
      int cell = finder.find(batch, row);
      cellOfRow[row] = cell;
      if (Long.compareUnsigned(start - oldest, newest - oldest) > 0) {
        counts.add(isAhead(start, newest) ? ScoringCounter.FUTURE : ScoringCounter.TOO_OLD, 1);
        continue;
      }
      if (Long.compareUnsigned(start - hourStart, HourSlice.HOUR_NANOS) >= 0) {
        epochHour = HourSlice.epochHourOf(start);
        hourStart = epochHour * HourSlice.HOUR_NANOS;
      }
      timesOfRow[row] =
          (byte) TeachingShare.times(table.cells(), cell, epochHour, batch.spanId(row));
    }
    return passedOver;
  }

  /**
   * Looks for all spans that teach, in a loop of its own: each look-up misses the cache, and so the
   * processor has several of them under way at a time.
   */
  private void findRepeated(SpanBatch batch) {
    for (int row = 0; row < batch.spanCount(); row++) {
      if (timesOfRow[row] > 0 && recentSpans.seenBefore(batch, row)) {
        timesOfRow[row] = 0;
        counts.add(ScoringCounter.DUPLICATE, 1);
      }
    }
  }

  private static boolean isAhead(long startNanos, long newestNanos) {
    return Long.compareUnsigned(startNanos, newestNanos) > 0;
  }

  private void collect(long[] cells, int cell, long duration, int times, long endNanos, long now) {
    int collected = OperationTable.collected(cells, cell);
    if (collected > 0 && OperationTable.times(cells, cell) != times) {
      teach(cell, now);
      collected = 0;
    }
    cells[cell + LAST_END] = endNanos;
    if (duration > COLLECTED_NANOS_MAX) {
      table.copyCollected(cell, runNanos);
      runNanos[collected] = duration;
      teachRun(cell, collected + 1, times, now);
    } else if (OperationTable.collect(cells, cell, duration, times)) {
      teach(cell, now);
    }
  }

  /** Teaches what the cell has collected. */
  private void teach(int cell, long now) {
    long[] cells = table.cells();
    int collected = OperationTable.collected(cells, cell);
    if (collected > 0) {
      table.copyCollected(cell, runNanos);
      teachRun(cell, collected, OperationTable.times(cells, cell), now);
    }
  }

  /** Teaches the first durations of the run, and looks at the operation's baseline again. */
  private void teachRun(int cell, int durations, int times, long now) {
    long[] cells = table.cells();
    long epochHour = HourSlice.epochHourOf(cells[cell + HOUR]);
    Operation operation = table.operation(cell);
    long samplesToRebuild =
        operation.learn(epochHour, runNanos, 0, durations, times, cells[cell + LAST_END], now);
    if (table.isPreparedWith(cell, operation.baseline())) {
      OperationTable.begin(cells, cell, samplesToRebuild);
    } else {
      compareWith(cell, epochHour);
    }
  }

  /** Points a cell at the hour of a span and at its operation's present baseline. */
  private void prepare(int cell, long startNanos, long now) {
    teach(cell, now);
    long epochHour = HourSlice.epochHourOf(startNanos);
    table.cells()[cell + HOUR] = epochHour * HourSlice.HOUR_NANOS;
    compareWith(cell, epochHour);
  }

  private void compareWith(int cell, long epochHour) {
    long[] cells = table.cells();
    Operation operation = table.operation(cell);
    Baseline baseline = operation.baseline();
    int hour = hourOfWeek.of(epochHour);
    table.baseline(cell, baseline);
    for (int level = 5; level >= 1; level--) {
      cells[cell + THRESHOLD_5 + 5 - level] = baseline.thresholdNanos(hour, level);
    }
    cells[cell + GENERATION] = generation;
    OperationTable.begin(cells, cell, operation.samplesToRebuild());
  }

  private void mark(
      SpanBatch batch, int row, int cell, long duration, long now, @Nullable MarkVisitor visitor) {
    if (visitor == null) {
      return;
    }
    long[] cells = table.cells();
    int level = 5;
    while (level > 1 && duration > cells[cell + THRESHOLD_5 + 6 - level]) {
      level--;
    }
    counts.addMark(level);
    if (level <= settings.recordedLevel() && takePlace(level, cell, batch.endNanos(row))) {
      counts.add(ScoringCounter.RECORDED, 1);
      long detected = settings.eventTime() ? batch.endNanos(row) : now;
      Anomaly anomaly =
          explainer(cell)
              .anomaly(
                  batch,
                  row,
                  table.operation(cell).key(),
                  Severity.ofLevel(level),
                  duration,
                  detected);
      visitor.onMark(batch, row, anomaly);
    }
  }

  /** Whether the mark may be recorded; then it counts as recorded in its second. */
  private boolean takePlace(int level, int cell, long endNanos) {
    if (level == Severity.CRITICAL.level()) {
      return true;
    }
    int operation = table.operation(cell).index();
    boolean taken = recordingLimit.take(operation, directory.size(), endNanos);
    if (!taken) {
      counts.add(ScoringCounter.OVER_LIMIT, 1);
    }
    return taken;
  }

  /** Made once for each hour and baseline of an operation that has marks. */
  private Explainer explainer(int cell) {
    Explainer known = table.explainer(cell);
    if (known == null) {
      int hour = hourOfWeek.of(HourSlice.epochHourOf(table.cells()[cell + HOUR]));
      known = Explainer.of(table.baseline(cell), hour);
      table.explainer(cell, known);
    }
    return known;
  }
}
