package io.krystaline.sink.recalculate;

import static io.krystaline.sink.checkpoint.Teaching.around100;
import static io.krystaline.sink.checkpoint.Teaching.teach;
import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.sink.SettableClock;
import io.krystaline.sink.checkpoint.Checkpoint;
import io.krystaline.sink.checkpoint.CheckpointSettings;
import io.krystaline.sink.checkpoint.HourRows;
import io.krystaline.sink.checkpoint.LaneFlusher;
import io.krystaline.sink.checkpoint.ServiceWindows;
import io.krystaline.sink.incident.ExclusionResult;
import io.krystaline.sink.store.Exclusion;
import io.krystaline.sink.store.InMemoryBaselineStore;
import io.krystaline.sink.store.InMemoryExclusionStore;
import io.krystaline.sink.store.InMemoryRecalculationStore;
import io.krystaline.sink.store.InMemoryStatisticsStore;
import io.krystaline.sink.store.RecalculationKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BaselineExcluderTest {
  private static final Instant NOON = Instant.parse("2026-11-18T12:00:00Z");
  private static final OperationKey CART = new OperationKey("cart", "GET /", SpanKind.SERVER);
  private static final OperationKey AUTH = new OperationKey("auth", "login", SpanKind.SERVER);

  private final SettableClock clock = new SettableClock(NOON);
  private final Sink poisoned = new Sink();
  private final Sink clean = new Sink();

  /** One sink's memory and store. */
  private final class Sink {
    final OperationDirectory directory =
        new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 1);
    final InMemoryStatisticsStore statistics = new InMemoryStatisticsStore(clock, HourRows.MERGER);
    final InMemoryBaselineStore baselines = new InMemoryBaselineStore();
    final InMemoryExclusionStore exclusions = new InMemoryExclusionStore();
    final Checkpoint checkpoint =
        new Checkpoint(
            CheckpointSettings.defaults(),
            directory,
            statistics,
            LaneFlusher.NONE,
            new ServiceWindows(clock, Duration.ofMinutes(5)),
            UUID.randomUUID());
    final Recalculator recalculator =
        new Recalculator(
            RecalculationSettings.defaults(),
            directory,
            statistics,
            baselines,
            new InMemoryRecalculationStore(),
            exclusions,
            checkpoint,
            clock);
    final BaselineExcluder excluder =
        new BaselineExcluder(directory, statistics, baselines, exclusions, checkpoint, clock);

    void normal(int count) {
      for (int hour = 1; hour <= 3; hour++) {
        teach(directory, CART, NOON.minus(Duration.ofHours(hour)), around100(count));
        teach(directory, AUTH, NOON.minus(Duration.ofHours(hour)), around100(count));
      }
    }

    void fault(OperationKey operation, int count) {
      long[] slow = new long[count];
      Arrays.fill(slow, 3_000);
      teach(directory, operation, NOON, slow);
    }

    void recalculate() throws InterruptedException {
      recalculator.request(RecalculationKind.FULL);
      assertThat(recalculator.awaitIdle(20_000)).isTrue();
    }

    ExclusionResult exclude(List<String> services, List<OperationKey> operations) {
      Exclusion kept =
          exclusions
              .create(
                  new Exclusion(
                      0,
                      "1",
                      services,
                      operations,
                      nanos(NOON),
                      nanos(NOON.plusSeconds(300)),
                      "ada",
                      NOON,
                      ""))
              .orElseThrow();
      return excluder.exclude(kept);
    }

    Baseline baseline(OperationKey operation) {
      return directory.operation(operation).baseline();
    }
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }

  @Test
  void exclude_faultInTheStoredHourAndInMemory_baselineIsAsIfItNeverWas() throws Exception {
    clean.normal(1_000);
    clean.recalculate();
    poisoned.normal(1_000);
    poisoned.fault(CART, 2_000);
    poisoned.recalculate();
    poisoned.fault(CART, 500); // only in memory
    assertThat(poisoned.baseline(CART)).isNotEqualTo(clean.baseline(CART));

    ExclusionResult result = poisoned.exclude(List.of("cart"), List.of(CART));

    assertThat(result.operations()).isEqualTo(1);
    assertThat(poisoned.baseline(CART)).isEqualTo(clean.baseline(CART));
    assertThat(poisoned.baseline(AUTH)).isEqualTo(clean.baseline(AUTH));
    poisoned.recalculate();
    assertThat(poisoned.baseline(CART)).isEqualTo(clean.baseline(CART));
  }

  @Test
  void exclude_provisionalOperation_goesOnFromWhatIsLeft() throws Exception {
    clean.normal(150);
    clean.recalculate();
    poisoned.normal(150);
    poisoned.fault(CART, 200);
    assertThat(poisoned.baseline(CART).isProvisional()).isTrue();

    assertThat(poisoned.exclude(List.of("cart"), List.of(CART)).operations()).isEqualTo(1);

    assertThat(poisoned.baseline(CART)).isEqualTo(clean.baseline(CART));
    long left = clean.directory.operation(CART).samplesToRebuild();
    assertThat(poisoned.directory.operation(CART).samplesToRebuild()).isEqualTo(left);
  }

  @Test
  void exclude_nothingElseLearned_learnsAnew() {
    poisoned.fault(CART, 2_000);
    assertThat(poisoned.baseline(CART).isLearning()).isFalse();

    poisoned.exclude(List.of("cart"), List.of());

    assertThat(poisoned.baseline(CART).isLearning()).isTrue();
  }

  @Test
  void exclude_nothingCovered_changesNothing() throws Exception {
    poisoned.normal(1_000);
    poisoned.recalculate();
    Baseline before = poisoned.baseline(CART);

    assertThat(poisoned.exclude(List.of("other"), List.of()).operations()).isZero();
    assertThat(poisoned.baseline(CART)).isSameAs(before);
  }

  @Test
  void exclude_veryManyOperations_areLeftToTheRecalculation() {
    for (int i = 0; i <= BaselineExcluder.OPERATIONS_MAX; i++) {
      poisoned.directory.operation(new OperationKey("cart", "GET /" + i, SpanKind.SERVER));
    }

    ExclusionResult result = poisoned.exclude(List.of("cart"), List.of());

    assertThat(result.operations()).isZero();
    assertThat(result.text()).contains("recalculation");
  }
}
