package io.krystaline.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");
  private final InMemoryAnomalyStore anomalies = new InMemoryAnomalyStore(() -> now, 10);
  private final InMemoryStatisticsStore statistics =
      new InMemoryStatisticsStore(() -> now, StatisticsStoreContract.MERGER);
  private final InMemoryRecalculationStore recalculations = new InMemoryRecalculationStore();

  private Retention retention(int batchSize, int batchesMax) {
    Retention.Settings settings =
        new Retention.Settings(
            Duration.ofDays(1), Duration.ofDays(2), Duration.ofDays(3), batchSize, batchesMax);
    return new Retention(anomalies, statistics, recalculations, () -> now, settings);
  }

  @Test
  void run_deletesWhatIsTooOldAndNothingElse() {
    anomalies.save(AnomalyStoreContract.random(7, 1, 4));
    long hour = now.getEpochSecond() / 3_600;
    statistics.merge(
        StatisticsStoreContract.firstCheckpoint(),
        List.of(
            StatisticsStoreContract.row("a", hour, 1, 1),
            StatisticsStoreContract.row("a", hour - 48, 1, 1),
            StatisticsStoreContract.row("a", hour - 49, 1, 1)));
    assertThat(retention(2, 10).run()).isEqualTo(new Retention.Deleted(0, 1, 0));
    now = now.plus(Duration.ofDays(1)).plusNanos(1);
    assertThat(retention(2, 10).run()).isEqualTo(new Retention.Deleted(7, 1, 0));
  }

  @Test
  void run_moreThanItsBatches_leavesTheRest() {
    anomalies.save(AnomalyStoreContract.random(7, 1, 4));
    now = now.plus(Duration.ofDays(2));
    assertThat(retention(2, 3).run().anomalies()).isEqualTo(6);
    assertThat(retention(2, 3).run().anomalies()).isEqualTo(1);
  }

  @Test
  void settings_noAge_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Retention.Settings(
                    Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1), 1, 1));
  }
}
