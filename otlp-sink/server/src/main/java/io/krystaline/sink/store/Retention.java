package io.krystaline.sink.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/**
 * Deletes what is too old, in bounded batches, so that no transaction is long and other work gets
 * its turn in between. Blocks; for one thread at a time, called by a job every few minutes.
 */
public final class Retention {
  private final AnomalyStore anomalies;
  private final StatisticsStore statistics;
  private final RecalculationStore recalculations;
  private final InstantSource clock;
  private final Settings settings;

  /**
   * How long things are kept.
   *
   * @param anomalyAge anomalies and their traces, from when they were stored
   * @param statisticsAge hourly statistics, by the hour of the spans
   * @param runAge runs of the recalculation
   * @param batchSize the most rows that one transaction deletes, 1 or more
   * @param batchesMax the most batches of each table in one run, 1 or more; the rest waits for the
   *     next run
   */
  public record Settings(
      Duration anomalyAge, Duration statisticsAge, Duration runAge, int batchSize, int batchesMax) {
    /** 30 days of anomalies, 35 days of statistics, 90 days of runs; 5,000 rows, 200 batches. */
    public static final Settings DEFAULT =
        new Settings(Duration.ofDays(30), Duration.ofDays(35), Duration.ofDays(90), 5_000, 200);

    public Settings {
      requirePositive(anomalyAge, "anomaly age");
      requirePositive(statisticsAge, "statistics age");
      requirePositive(runAge, "run age");
      if (batchSize < 1 || batchesMax < 1) {
        throw new IllegalArgumentException(
            "retention deletes 1 row or more in 1 batch or more, not "
                + batchSize
                + " in "
                + batchesMax);
      }
    }

    private static void requirePositive(Duration age, String name) {
      Objects.requireNonNull(age, name);
      if (age.isNegative() || age.isZero()) {
        throw new IllegalArgumentException("the retention's " + name + " is " + age);
      }
    }
  }

  /**
   * What a run deleted.
   *
   * @param anomalies anomalies and other spans of traces
   * @param hours hourly statistics
   * @param runs runs of the recalculation
   */
  public record Deleted(long anomalies, long hours, long runs) {}

  public Retention(
      AnomalyStore anomalies,
      StatisticsStore statistics,
      RecalculationStore recalculations,
      InstantSource clock,
      Settings settings) {
    this.anomalies = anomalies;
    this.statistics = statistics;
    this.recalculations = recalculations;
    this.clock = clock;
    this.settings = settings;
  }

  /** Deletes what is too old now. An interrupt ends it after the batch under way. */
  public Deleted run() {
    Instant now = clock.instant();
    Instant oldestAnomaly = now.minus(settings.anomalyAge());
    long oldestHour = Math.floorDiv(now.minus(settings.statisticsAge()).getEpochSecond(), 3_600L);
    return new Deleted(
        inBatches(() -> anomalies.deleteStoredBefore(oldestAnomaly, settings.batchSize())),
        inBatches(() -> statistics.deleteBefore(oldestHour, settings.batchSize())),
        recalculations.deleteFinishedBefore(now.minus(settings.runAge())));
  }

  private interface Batch {
    long delete();
  }

  private long inBatches(Batch batch) {
    long total = 0;
    for (int i = 0; i < settings.batchesMax() && !Thread.currentThread().isInterrupted(); i++) {
      long deleted = batch.delete();
      if (deleted == 0) {
        break;
      }
      total += deleted;
    }
    return total;
  }
}
