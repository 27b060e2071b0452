package io.krystaline.sink.recalculate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.sink.SettableClock;
import io.krystaline.sink.checkpoint.HourRows;
import io.krystaline.sink.store.InMemoryAnomalyStore;
import io.krystaline.sink.store.InMemoryBaselineStore;
import io.krystaline.sink.store.InMemoryIncidentStores;
import io.krystaline.sink.store.InMemoryRecalculationStore;
import io.krystaline.sink.store.InMemoryStatisticsStore;
import io.krystaline.sink.store.IncidentRetention;
import io.krystaline.sink.store.Retention;
import io.krystaline.sink.store.StoredBaseline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionJobTest {
  private static final Instant NOON = Instant.parse("2026-11-18T12:00:00Z");

  @Test
  void run_baselineOfAnOperationThatIsGone_isDeleted() {
    SettableClock clock = new SettableClock(NOON);
    InMemoryBaselineStore baselines = new InMemoryBaselineStore();
    OperationKey gone = new OperationKey("cart", "gone", SpanKind.SERVER);
    OperationKey kept = new OperationKey("cart", "kept", SpanKind.SERVER);
    baselines.save(
        List.of(
            new StoredBaseline(gone, NOON.minus(Duration.ofDays(36)), new byte[0]),
            new StoredBaseline(kept, NOON.minus(Duration.ofDays(34)), new byte[0])));
    Retention retention =
        new Retention(
            new InMemoryAnomalyStore(),
            new InMemoryStatisticsStore(clock, HourRows.MERGER),
            new InMemoryRecalculationStore(),
            clock,
            Retention.Settings.DEFAULT);

    try (RetentionJob job =
        new RetentionJob(
            RetentionJob.Settings.defaults(),
            retention,
            new IncidentRetention(
                InMemoryIncidentStores.create(clock), clock, IncidentRetention.Settings.defaults()),
            baselines,
            clock)) {
      job.run();
    }

    assertThat(baselines.loadAll()).extracting(StoredBaseline::operation).containsExactly(kept);
  }

  @Test
  void settings_noInterval_areRefused() {
    assertThatThrownBy(() -> new RetentionJob.Settings(Duration.ZERO, Duration.ofDays(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
