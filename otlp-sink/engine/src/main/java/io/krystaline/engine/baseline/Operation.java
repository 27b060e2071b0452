package io.krystaline.engine.baseline;

import io.krystaline.engine.span.OperationKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One operation as all threads share it: the baseline that its spans are compared with, and what
 * was learned of it since the last checkpoint.
 *
 * <p>Scoring threads teach it in small runs ({@link #learn}), a checkpoint takes what was learned
 * ({@link #drainPending}), a recalculation gives it a new baseline ({@link #install}). Until it has
 * a recalculated baseline of enough samples it builds provisional ones by itself from all spans
 * that it has seen, first after {@code coldStartSamples} and then each time that their number has
 * grown by {@code coldStartGrowth}: which spans those are depends on the order of the spans only,
 * not on the clock. Thread-safe; the baseline is read without a lock.
 */
public final class Operation {
  private final int index;
  private final OperationKey key;
  private final BaselineSettings settings;
  private final AtomicInteger generation;
  private final PendingHours budget;
  private volatile Baseline baseline = Baseline.LEARNING;

  // Guarded by this.
  private List<HourSlice> pending = new ArrayList<>(2);
  private @Nullable HourStatistics learnedSoFar = new HourStatistics();
  private long rebuildAtSamples;
  private boolean withheld;
  private @Nullable HourStatistics arrivedWithheld;
  private final RecentActivity.Meter recent = new RecentActivity.Meter();

  Operation(
      int index,
      OperationKey key,
      BaselineSettings settings,
      AtomicInteger generation,
      PendingHours budget) {
    this.index = index;
    this.key = key;
    this.settings = settings;
    this.generation = generation;
    this.budget = budget;
    this.rebuildAtSamples = settings.coldStartSamples();
  }

  /** Its position in the directory, from 0, fixed for the life of the process. */
  public int index() {
    return index;
  }

  /** Its name. */
  public OperationKey key() {
    return key;
  }

  /** The baseline to compare with now; {@link Baseline#LEARNING} while there is none. */
  public Baseline baseline() {
    return baseline;
  }

  /** Whether its baseline is still of the cold start: none, or built from few samples. */
  public synchronized boolean isProvisional() {
    return learnedSoFar != null;
  }

  /**
   * Learns durations of spans that started in one hour, unless it is withheld. Called by scoring
   * threads.
   *
   * @param durationsNanos the durations from position {@code from} to before {@code to}
   * @param times how many spans each stands for, 1 to {@link HourStatistics#TIMES_MAX}
   * @param seenNanos end of the latest of the spans, nanoseconds since the epoch
   * @param nowNanos the time of arrival, for {@link #recent}
   * @return {@link #samplesToRebuild}, once these are learned
   */
  public synchronized long learn(
      long epochHour,
      long[] durationsNanos,
      int from,
      int to,
      int times,
      long seenNanos,
      long nowNanos) {
    double total = 0;
    for (int i = from; i < to; i++) {
      total += durationsNanos[i];
    }
    long spans = (long) (to - from) * times;
    recent.record(spans, total * times, seenNanos, nowNanos);
    if (withheld) {
      withhold(durationsNanos, from, to, times);
      return samplesToRebuild();
    }
    HourStatistics hour = pendingHour(epochHour);
    if (hour == null && budget.tryTake()) {
      hour = addPending(epochHour);
    }
    if (hour == null) {
      budget.refuse(spans);
    } else {
      hour.addAll(durationsNanos, from, to, times);
    }
    HourStatistics all = learnedSoFar;
    if (all != null) {
      all.addAll(durationsNanos, from, to, times);
      if (all.count() >= rebuildAtSamples) {
        baseline = BaselineBuilder.provisional(all, settings);
        rebuildAfter(all.count());
      }
    }
    return samplesToRebuild();
  }

  /**
   * How many more spans may be learned before the next provisional baseline is due, 1 or more. A
   * thread that collects spans teaches them at the latest then.
   */
  public synchronized long samplesToRebuild() {
    HourStatistics all = learnedSoFar;
    return all == null || withheld ? Long.MAX_VALUE : Math.max(1, rebuildAtSamples - all.count());
  }

  /**
   * Keeps its spans from teaching baselines, or lets them teach again. They are scored, and seen in
   * {@link #recent}, all the same. What a scoring thread has collected and not taught counts as of
   * after the change: at most 40 durations a thread.
   */
  public synchronized void withhold(boolean now) {
    withheld = now;
  }

  /** Whether its spans do not teach. */
  public synchronized boolean isWithheld() {
    return withheld;
  }

  private void withhold(long[] durationsNanos, int from, int to, int times) {
    if (arrivedWithheld == null) {
      arrivedWithheld = new HourStatistics();
    }
    arrivedWithheld.addAll(durationsNanos, from, to, times);
    budget.withhold((long) (to - from) * times);
  }

  /** Takes what arrived and did not teach since the last time; it is only to be shown. */
  public synchronized Optional<HourStatistics> drainWithheld() {
    Optional<HourStatistics> drained = Optional.ofNullable(arrivedWithheld);
    arrivedWithheld = null;
    return drained;
  }

  /**
   * Swaps in a recalculated baseline; scoring threads use it from their next batch on. With fewer
   * samples than {@code provisionalBelow} the operation goes on learning as in the cold start, from
   * what it has seen itself, and replaces the baseline once that is more.
   */
  public synchronized void install(Baseline recalculated) {
    if (recalculated.samples() >= settings.provisionalBelow()) {
      learnedSoFar = null;
    } else {
      learnedSoFar = learnedSoFar == null ? new HourStatistics() : learnedSoFar;
      rebuildAfter(recalculated.samples());
    }
    baseline =
        recalculated.samples() < settings.coldStartSamples() ? Baseline.LEARNING : recalculated;
    generation.incrementAndGet();
  }

  /**
   * As {@link #install(Baseline)}, with the statistics that the baseline was made of: an operation
   * of few samples then goes on from its whole history and not only from what this process saw.
   *
   * @param history all that is stored of the operation; what is pending is added to it
   */
  public synchronized void install(Baseline recalculated, HourStatistics history) {
    if (recalculated.samples() < settings.provisionalBelow()) {
      HourStatistics all = history.copy();
      pending.forEach(slice -> all.merge(slice.statistics()));
      learnedSoFar = all;
    }
    install(recalculated);
  }

  /** Takes what was learned since the last time, by hour; the caller owns it from then on. */
  public synchronized List<HourSlice> drainPending() {
    if (pending.isEmpty()) {
      return List.of();
    }
    List<HourSlice> drained = pending;
    pending = new ArrayList<>(2);
    budget.release(drained.size());
    return drained;
  }

  /** Gives back what was drained and could not be stored. */
  public synchronized void restorePending(List<HourSlice> slices) {
    for (HourSlice slice : slices) {
      HourStatistics hour = pendingHour(slice.epochHour());
      if (hour == null) {
        budget.take();
        hour = addPending(slice.epochHour());
      }
      hour.merge(slice.statistics());
    }
  }

  /** How it did lately. */
  public synchronized RecentActivity recent(long nowNanos) {
    return recent.read(nowNanos);
  }

  private void rebuildAfter(long samples) {
    long grown = (long) Math.ceil(samples * settings.coldStartGrowth());
    rebuildAtSamples = Math.max(settings.coldStartSamples(), Math.max(samples + 1, grown));
  }

  private @Nullable HourStatistics pendingHour(long epochHour) {
    for (int i = pending.size() - 1; i >= 0; i--) {
      HourSlice slice = pending.get(i);
      if (slice.epochHour() == epochHour) {
        return slice.statistics();
      }
    }
    return null;
  }

  private HourStatistics addPending(long epochHour) {
    HourSlice slice = new HourSlice(epochHour, new HourStatistics());
    pending.add(slice);
    return slice.statistics();
  }

  @Override
  public String toString() {
    return key + "#" + index;
  }
}
