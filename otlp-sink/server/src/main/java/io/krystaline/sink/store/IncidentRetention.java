package io.krystaline.sink.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/**
 * Deletes incidents that are too old, and what people did with them, in bounded batches. Rules in
 * force stay. Blocks; for one thread at a time.
 */
public final class IncidentRetention {
  private final IncidentStores stores;
  private final InstantSource clock;
  private final Settings settings;

  /**
   * How long things are kept.
   *
   * @param incidentAge incidents from when their last state was stored, silences from their end,
   *     rules that are not in force from the last decision; 90 days
   * @param exclusionAge exclusions from their end in event time: as long as the statistics that
   *     they are about; 35 days
   * @param batchSize the most incidents that one transaction deletes, 1 or more; 1,000
   * @param batchesMax the most batches in one run, 1 or more; 100
   */
  public record Settings(
      Duration incidentAge, Duration exclusionAge, int batchSize, int batchesMax) {
    public Settings {
      Objects.requireNonNull(incidentAge, "incidentAge");
      Objects.requireNonNull(exclusionAge, "exclusionAge");
      if (!incidentAge.isPositive() || !exclusionAge.isPositive()) {
        throw new IllegalArgumentException(
            "the ages " + incidentAge + " and " + exclusionAge + " must be positive");
      }
      if (batchSize < 1 || batchesMax < 1) {
        throw new IllegalArgumentException(
            "retention deletes 1 row or more in 1 batch or more, not "
                + batchSize
                + " in "
                + batchesMax);
      }
    }

    /** The defaults. */
    public static Settings defaults() {
      return new Settings(Duration.ofDays(90), Duration.ofDays(35), 1_000, 100);
    }

    /** These settings with other ages. */
    public Settings withAges(Duration incidents, Duration exclusions) {
      return new Settings(incidents, exclusions, batchSize, batchesMax);
    }
  }

  public IncidentRetention(IncidentStores stores, InstantSource clock, Settings settings) {
    this.stores = stores;
    this.clock = clock;
    this.settings = settings;
  }

  /** Deletes what is too old now, and tells how many rows. An interrupt ends it after a batch. */
  public long run() {
    Instant now = clock.instant();
    Instant oldest = now.minus(settings.incidentAge());
    long deleted = 0;
    for (int i = 0; i < settings.batchesMax() && !Thread.currentThread().isInterrupted(); i++) {
      long batch = stores.incidents().deleteStoredBefore(oldest, settings.batchSize());
      if (batch == 0) {
        break;
      }
      deleted += batch;
    }
    return deleted
        + stores.silences().deleteEndedBefore(oldest)
        + stores.rules().deleteIdleBefore(oldest)
        + stores
            .exclusions()
            .deleteUntil(
                Math.multiplyExact(
                    now.minus(settings.exclusionAge()).getEpochSecond(), 1_000_000_000L));
  }
}
