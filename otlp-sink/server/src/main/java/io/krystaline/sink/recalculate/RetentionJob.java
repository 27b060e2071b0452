package io.krystaline.sink.recalculate;

import io.krystaline.platform.db.DatabaseUnavailableException;
import io.krystaline.platform.lifecycle.PeriodicTask;
import io.krystaline.platform.telemetry.Metrics;
import io.krystaline.platform.telemetry.Tally;
import io.krystaline.sink.store.BaselineStore;
import io.krystaline.sink.store.IncidentRetention;
import io.krystaline.sink.store.Retention;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is too old, again and again: anomalies, traces, statistics and runs as {@link
 * Retention} says, incidents as {@link IncidentRetention} says, and the baselines of operations
 * that no recalculation has seen for long.
 */
public final class RetentionJob implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(RetentionJob.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final Settings settings;
  private final Retention retention;
  private final IncidentRetention incidents;
  private final BaselineStore baselines;
  private final InstantSource clock;
  private final PeriodicTask task;
  private final Tally deletedRows = new Tally();

  /**
   * How often, and how long baselines are kept.
   *
   * @param interval pause between two passes; 1 hour
   * @param baselineAge baselines that were calculated longer ago are of operations that are gone;
   *     35 days
   */
  public record Settings(Duration interval, Duration baselineAge) {
    public Settings {
      if (!interval.isPositive() || !baselineAge.isPositive()) {
        throw new IllegalArgumentException(
            "interval " + interval + " and baselineAge " + baselineAge + " must be positive");
      }
    }

    /** The defaults. */
    public static Settings defaults() {
      return new Settings(Duration.ofHours(1), Duration.ofDays(35));
    }
  }

  /** A job that is not started. */
  public RetentionJob(
      Settings settings,
      Retention retention,
      IncidentRetention incidents,
      BaselineStore baselines,
      InstantSource clock) {
    this.settings = settings;
    this.retention = retention;
    this.incidents = incidents;
    this.baselines = baselines;
    this.clock = clock;
    task = new PeriodicTask("retention", settings.interval(), STOP_LIMIT, this::runOrWarn);
  }

  /** Starts the thread. */
  public void start() {
    task.start();
  }

  /** Shows its counter. */
  public void registerWith(Metrics metrics) {
    metrics.counter(
        "krystaline.sink.retention.deleted_rows",
        "Rows deleted because of their age",
        deletedRows::sum);
  }

  /** One pass. Blocks on the store. */
  void run() {
    Retention.Deleted deleted = retention.run();
    long oldBaselines =
        baselines.deleteCalculatedBefore(clock.instant().minus(settings.baselineAge()));
    long oldIncidents = incidents.run();
    long total =
        deleted.anomalies() + deleted.hours() + deleted.runs() + oldBaselines + oldIncidents;
    deletedRows.add(total);
    if (total > 0) {
      logger.info(
          "deleted by age: {}, {} baselines and {} rows about incidents",
          deleted,
          oldBaselines,
          oldIncidents);
    }
  }

  private void runOrWarn() {
    try {
      run();
    } catch (DatabaseUnavailableException e) {
      logger.warn("nothing was deleted by age: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    task.close();
  }
}
