package io.krystaline.engine.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationTest {
  private static final long SECOND = 1_000_000_000;

  private final OperationDirectory directory =
      new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 1);
  private final Operation operation =
      directory.operation(new OperationKey("shop", "buy", SpanKind.SERVER));

  private void learn(int count, long nanos) {
    long[] values = new long[count];
    Arrays.fill(values, nanos);
    operation.learn(7, values, 0, count, 1, 5, 100 * SECOND);
  }

  private static HourStatistics statistics(int count, long nanos) {
    HourStatistics statistics = new HourStatistics();
    for (int i = 0; i < count; i++) {
      statistics.add(nanos);
    }
    return statistics;
  }

  private Baseline recalculated(int count) {
    return BaselineBuilder.build(
        List.of(new HourSlice(7, statistics(count, 5_000))).iterator(), directory.settings());
  }

  @Test
  void learn_coldStart_rebuildsEachTimeThatSamplesGrowByAQuarter() {
    assertThat(operation.samplesToRebuild()).isEqualTo(100);
    learn(99, 5_000);
    assertThat(operation.baseline()).isSameAs(Baseline.LEARNING);
    assertThat(operation.samplesToRebuild()).isEqualTo(1);
    learn(1, 5_000);
    assertThat(operation.baseline().samples()).isEqualTo(100);
    assertThat(operation.baseline().isProvisional()).isTrue();
    assertThat(operation.samplesToRebuild()).isEqualTo(25);
    learn(24, 5_000);
    assertThat(operation.baseline().samples()).isEqualTo(100);
    learn(1, 5_000);
    assertThat(operation.baseline().samples()).isEqualTo(125);
  }

  @Test
  void install_enoughSamples_endsTheColdStart() {
    int before = directory.generation();
    Baseline baseline = recalculated(1_000);
    operation.install(baseline);
    assertThat(operation.baseline()).isSameAs(baseline);
    assertThat(baseline.isProvisional()).isFalse();
    assertThat(operation.isProvisional()).isFalse();
    assertThat(directory.generation()).isEqualTo(before + 1);
    assertThat(operation.samplesToRebuild()).isEqualTo(Long.MAX_VALUE);
    learn(5_000, 1);
    assertThat(operation.baseline()).isSameAs(baseline);
  }

  @Test
  void install_fewSamples_goesOnLearningFromTheHistory() {
    learn(10, 5_000);
    operation.install(recalculated(400), statistics(400, 5_000));
    assertThat(operation.isProvisional()).isTrue();
    assertThat(operation.baseline().samples()).isEqualTo(400);
    assertThat(operation.samplesToRebuild()).isEqualTo(90);
    learn(90, 5_000);
    assertThat(operation.baseline().samples()).isEqualTo(500);
    operation.install(recalculated(20), statistics(20, 5_000));
    assertThat(operation.baseline()).isSameAs(Baseline.LEARNING);
    operation.install(recalculated(300));
    assertThat(operation.baseline().samples()).isEqualTo(300);
  }

  @Test
  void withhold_spansAreSeenButTeachNothing_untilItEnds() {
    learn(99, 5_000);
    operation.withhold(true);
    assertThat(operation.isWithheld()).isTrue();
    assertThat(operation.samplesToRebuild()).isEqualTo(Long.MAX_VALUE);
    learn(500, 9_000_000);
    assertThat(operation.baseline()).isSameAs(Baseline.LEARNING);
    assertThat(operation.recent(100 * SECOND).meanNanos()).isGreaterThan(5_000_000);
    assertThat(operation.drainWithheld()).contains(statistics(500, 9_000_000));
    assertThat(operation.drainWithheld()).isEmpty();
    assertThat(directory.withheldSpans()).isEqualTo(500);

    operation.withhold(false);
    learn(1, 5_000);

    assertThat(operation.baseline().samples()).isEqualTo(100);
    assertThat(operation.drainPending())
        .extracting(HourSlice::statistics)
        .containsExactly(statistics(100, 5_000));
    assertThat(directory.withheldSpans()).isEqualTo(500);
  }

  @Test
  void drainPending_restored_losesNothing() {
    learn(10, 5_000);
    operation.learn(8, new long[] {1, 2, 3}, 1, 3, 1, 9, 100 * SECOND);
    List<HourSlice> drained = operation.drainPending();
    assertThat(drained).extracting(HourSlice::epochHour).containsExactly(7L, 8L);
    assertThat(operation.drainPending()).isEmpty();
    learn(5, 5_000);
    operation.restorePending(drained);
    List<HourSlice> again = operation.drainPending();
    assertThat(again.get(0).statistics()).isEqualTo(statistics(15, 5_000));
    assertThat(again.get(1).statistics().count()).isEqualTo(2);
  }

  @Test
  void learn_moreHoursThanMayWait_keepsTheFirstAndCountsTheRest() {
    OperationDirectory small =
        new OperationDirectory(
            BaselineSettings.defaults(), new DirectoryLimits(10, 10, 100, 512, 3), 1);
    Operation crowded = small.operation(new OperationKey("a", "b", SpanKind.CLIENT));
    for (int hour = 0; hour < 10; hour++) {
      crowded.learn(hour, new long[] {5, 6}, 0, 2, 1, 1, 1);
    }
    crowded.learn(0, new long[] {7}, 0, 1, 1, 1, 1);
    assertThat(small.pendingHours()).isEqualTo(3);
    assertThat(small.unstoredSpans()).isEqualTo(14);
    List<HourSlice> drained = crowded.drainPending();
    assertThat(drained).extracting(HourSlice::epochHour).containsExactly(0L, 1L, 2L);
    assertThat(drained.get(0).statistics().count()).isEqualTo(3);
    assertThat(small.pendingHours()).isZero();
    crowded.restorePending(drained);
    crowded.restorePending(drained);
    assertThat(small.pendingHours()).isEqualTo(3);
    assertThat(crowded.samplesToRebuild()).isEqualTo(79);
  }

  @Test
  void recent_steadyRateAndSilence_followTheClock() {
    for (int second = 0; second < 600; second++) {
      long[] values = new long[50];
      Arrays.fill(values, second < 500 ? 1_000 : 3_000);
      operation.learn(7, values, 0, 50, 1, second, second * SECOND);
    }
    RecentActivity now = operation.recent(600 * SECOND);
    assertThat(now.spansPerSecond()).isCloseTo(50, within(3.0));
    assertThat(now.meanNanos()).isBetween(2_500.0, 3_000.0);
    assertThat(now.longMeanNanos()).isBetween(1_100.0, 2_000.0);
    assertThat(now.lastSeenNanos()).isEqualTo(599);
    assertThat(operation.recent(3_600 * SECOND).spansPerSecond()).isLessThan(0.001);
    assertThat(operation.recent(1).spansPerSecond()).isNotNaN();
    RecentActivity never =
        directory.operation(new OperationKey("a", "b", SpanKind.CLIENT)).recent(5);
    assertThat(never).isEqualTo(new RecentActivity(0, 0, 0, 0));
  }
}
