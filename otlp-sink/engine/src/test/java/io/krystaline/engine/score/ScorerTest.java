package io.krystaline.engine.score;

import static io.krystaline.engine.score.SpanRecorder.MONDAY_NINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.BaselineBuilder;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.HourSlice;
import io.krystaline.engine.baseline.HourStatistics;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.engine.span.SpanKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScorerTest {
  private static final long MILLI = 1_000_000;
  private static final long NOW = MONDAY_NINE + 60_000 * MILLI;
  private static final OperationKey BUY = new OperationKey("shop", "buy", SpanKind.SERVER);

  private final OperationDirectory directory =
      new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 42);
  private final ScoringSettings settings = ScoringSettings.defaults();
  private final Scorer scorer = scorer(directory, settings);
  private final SpanRecorder spans = new SpanRecorder();
  private final List<Anomaly> anomalies = new ArrayList<>();

  private static Scorer scorer(OperationDirectory directory, ScoringSettings settings) {
    return new Scorer(directory, new RecentSpans(settings.recentSpans(), 7), settings);
  }

  private void score() {
    scorer.score(spans.batch(), NOW, (batch, row, anomaly) -> anomalies.add(anomaly));
  }

  private static long learned(OperationDirectory directory) {
    long total = 0;
    for (Operation operation : directory.operations()) {
      for (HourSlice slice : operation.drainPending()) {
        total += slice.statistics().count();
      }
    }
    return total;
  }

  @Test
  void score_tenTimesAfterThreeHundred_isCritical() {
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      spans.buy(MONDAY_NINE + i, (long) ((89 + random.nextGaussian() * 5) * MILLI));
    }
    score();
    anomalies.clear();
    spans.buy(MONDAY_NINE + 1000, 890 * MILLI);
    score();
    assertThat(anomalies).hasSize(1);
    Anomaly anomaly = anomalies.get(0);
    assertThat(anomaly.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(anomaly.operation()).isEqualTo(BUY);
    assertThat(anomaly.durationMillis()).isEqualTo(890);
    assertThat(anomaly.detectedNanos()).isEqualTo(NOW);
    assertThat(anomaly.expected().meanMillis()).isCloseTo(89, within(1.0));
    assertThat(anomaly.expected().samples()).isBetween(240L, 300L);
    assertThat(anomaly.explanation())
        .startsWith("expected 8")
        .contains("at any time, still few samples")
        .contains("observed 890 ms")
        .endsWith("above p99.9");
  }

  @Test
  void score_fewerThanHundred_marksNothing() {
    for (int i = 0; i < 99; i++) {
      spans.buy(MONDAY_NINE + i, i == 98 ? 60_000 * MILLI : MILLI);
    }
    score();
    assertThat(anomalies).isEmpty();
    for (Severity severity : Severity.values()) {
      assertThat(scorer.counts().marks(severity)).isZero();
    }
    assertThat(scorer.counts().count(ScoringCounter.STILL_LEARNING)).isEqualTo(99);
    assertThat(directory.operation(BUY).baseline().isLearning()).isTrue();
  }

  @Test
  void score_constantDurations_marksNothing() {
    long[] durations = {0, 1, 127, 128, 1000, 4_095, 1_000_000, 123_456_789, 600_000_000_000L};
    for (long duration : durations) {
      for (int i = 0; i < 5_000; i++) {
        spans.span("shop", "d" + duration, SpanKind.SERVER, MONDAY_NINE + i, duration);
      }
    }
    score();
    for (Severity severity : Severity.values()) {
      assertThat(scorer.counts().marks(severity)).isZero();
    }
    scorer.flush(NOW);
    assertThat(learned(directory)).isEqualTo(5_000L * durations.length);
  }

  @Test
  void score_sameSpansInOtherBatchesAndFlushes_givesSameAnomalies() {
    List<Anomaly> whole = replay(10_000, false);
    List<Anomaly> pieces = replay(7, true);
    assertThat(whole).hasSizeGreaterThan(20);
    assertThat(pieces).isEqualTo(whole);
  }

  private static List<Anomaly> replay(int batchSpans, boolean flush) {
    OperationDirectory directory =
        new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 42);
    Scorer scorer = scorer(directory, ScoringSettings.defaults().inEventTime());
    List<Anomaly> anomalies = new ArrayList<>();
    SpanRecorder spans = new SpanRecorder();
    Random random = new Random(3);
    for (int i = 1; i <= 10_000; i++) {
      double nanos = MILLI * Math.exp(random.nextGaussian());
      spans.span(
          "s" + i % 3,
          "o" + random.nextInt(5),
          SpanKind.CLIENT,
          i,
          MONDAY_NINE + i * 2_000L * MILLI,
          (long) nanos);
      if (i % batchSpans == 0 || i == 10_000) {
        scorer.score(spans.batch(), 0, (batch, row, anomaly) -> anomalies.add(anomaly));
        if (flush) {
          scorer.flush(0);
          directory.operations().forEach(Operation::drainPending);
        }
      }
    }
    return anomalies;
  }

  @Test
  void score_installedBaseline_usesTheHourInWhichTheSpanStarted() {
    HourStatistics slow = new HourStatistics();
    HourStatistics fast = new HourStatistics();
    Random random = new Random(5);
    for (int i = 0; i < 1_000; i++) {
      slow.add((long) ((500 + random.nextGaussian() * 20) * MILLI));
      fast.add((long) ((50 + random.nextGaussian() * 2) * MILLI));
    }
    long nine = HourSlice.epochHourOf(MONDAY_NINE);
    List<HourSlice> hours =
        List.of(new HourSlice(nine - 168, slow), new HourSlice(nine - 167, fast));
    directory.operation(BUY).install(BaselineBuilder.build(hours.iterator(), directory.settings()));
    spans.buy(MONDAY_NINE + 3_599_000 * MILLI, 500 * MILLI);
    spans.buy(MONDAY_NINE + 3_600_000 * MILLI, 500 * MILLI);
    scorer.score(
        spans.batch(), NOW + HourSlice.HOUR_NANOS, (batch, row, anomaly) -> anomalies.add(anomaly));
    assertThat(anomalies).hasSize(1);
    assertThat(anomalies.get(0).expected().bucket()).isEqualTo("on Mondays 10:00-11:00 UTC");
    assertThat(anomalies.get(0).deviation()).isCloseTo(225, within(15.0));
  }

  @Test
  void score_durationsOfAnyLength_areLearnedExactly() {
    Random random = new Random(5);
    HourStatistics expected = new HourStatistics();
    for (int i = 0; i < 5_000; i++) {
      long duration =
          switch (random.nextInt(20)) {
            case 0 -> OperationTable.COLLECTED_NANOS_MAX;
            case 1 -> OperationTable.COLLECTED_NANOS_MAX + 1;
            case 2 -> random.nextLong(10_000_000) * MILLI;
            default -> random.nextLong(1L << (1 + random.nextInt(32)));
          };
      spans.buy(MONDAY_NINE + i, duration);
      expected.add(duration);
    }
    score();
    scorer.flush(NOW);
    Operation buy = directory.service("shop").operation("buy", SpanKind.SERVER);
    assertThat(buy.drainPending())
        .singleElement()
        .extracting(HourSlice::statistics)
        .isEqualTo(expected);
  }

  @Test
  void score_repeatedSpans_areScoredAndLearnedOnce() {
    for (int round = 0; round < 3; round++) {
      for (int i = 1; i <= 50; i++) {
        spans.span("shop", "buy", SpanKind.SERVER, i, MONDAY_NINE + i, MILLI);
      }
      score();
    }
    scorer.flush(NOW);
    assertThat(learned(directory)).isEqualTo(50);
    assertThat(scorer.counts().count(ScoringCounter.SCORED)).isEqualTo(150);
    assertThat(scorer.counts().count(ScoringCounter.DUPLICATE)).isEqualTo(100);
  }

  @Test
  void score_moreSpansInAnHourThanAllTeach_someTeachForTheOthersWithoutBias() {
    int count = TeachingShare.ALL_UNTIL + 160_000;
    long[] durations = gaussian(count);
    HourStatistics exact = new HourStatistics();
    exact.addAll(durations, 0, count, 1);

    HourStatistics learned = learnedOf(durations, count, false);

    assertThat(learned.count()).isNotEqualTo(count).isCloseTo(count, withinPercentage(1));
    assertThat(learned.meanNanos()).isCloseTo(exact.meanNanos(), withinPercentage(0.2));
    assertThat(learned.stdDevNanos()).isCloseTo(exact.stdDevNanos(), withinPercentage(1));
    for (double quantile : new double[] {0.01, 0.5, 0.99, 0.999}) {
      assertThat(learned.quantileNanos(quantile))
          .as("within a bin, a 64th")
          .isCloseTo(exact.quantileNanos(quantile), withinPercentage(100.0 / 64));
    }
  }

  @Test
  void score_manySpansInOtherBatchesAndFlushes_teachTheSame() {
    long[] durations = gaussian(TeachingShare.ALL_UNTIL + 20_000);

    assertThat(learnedOf(durations, 1_001, true))
        .isEqualTo(learnedOf(durations, durations.length, false));
  }

  @Test
  void score_nextHourAfterManySpans_allTeachAgain() {
    fill(TeachingShare.ALL_UNTIL + 1_000);
    for (int i = 0; i < 1_000; i++) {
      spans.buy(MONDAY_NINE + HourSlice.HOUR_NANOS + i, MILLI);
    }
    score();
    scorer.flush(NOW);
    assertThat(learned(directory)).isEqualTo(1_000);
  }

  @Test
  void score_repeatedSpansAmongMany_areLearnedOnce() {
    fill(TeachingShare.ALL_UNTIL);
    for (int round = 0; round < 2; round++) {
      for (int i = 1; i <= 800; i++) {
        spans.span("shop", "buy", SpanKind.SERVER, 1_000_000 + i, MONDAY_NINE + i, MILLI);
      }
      score();
    }
    scorer.flush(NOW);
    assertThat(learned(directory)).isCloseTo(800, within(80L)).isNotZero();
    assertThat(scorer.counts().count(ScoringCounter.DUPLICATE)).isCloseTo(100, within(10L));
  }

  /** Gives the scorer so many spans in the first hour, and forgets what it learned of them. */
  private void fill(int count) {
    for (int i = 0; i < count; i++) {
      spans.buy(MONDAY_NINE + i, MILLI);
    }
    scorer.learn(spans.batch(), NOW, TimeRange.ALL);
    scorer.flush(NOW);
    assertThat(learned(directory)).isPositive();
  }

  private static long[] gaussian(int count) {
    Random random = new Random(9);
    long[] durations = new long[count];
    for (int i = 0; i < count; i++) {
      durations[i] = (long) ((89 + random.nextGaussian() * 5) * MILLI);
    }
    return durations;
  }

  /** What a fresh scorer teaches of durations of one operation in one hour. */
  private HourStatistics learnedOf(long[] durations, int batchSpans, boolean flush) {
    OperationDirectory own =
        new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 42);
    Scorer ownScorer = scorer(own, settings);
    SpanRecorder recorder = new SpanRecorder();
    for (int i = 0; i < durations.length; i++) {
      recorder.buy(MONDAY_NINE + i, durations[i]);
      if ((i + 1) % batchSpans == 0 || i == durations.length - 1) {
        ownScorer.learn(recorder.batch(), NOW, TimeRange.ALL);
        if (flush) {
          ownScorer.flush(NOW);
        }
      }
    }
    ownScorer.flush(NOW);
    return own.operation(BUY).drainPending().getFirst().statistics();
  }

  @Test
  void score_oldAndFutureSpans_areNotLearnedAndCounted() {
    long hour = HourSlice.HOUR_NANOS;
    spans.buy(NOW - 31 * 24 * hour, MILLI);
    spans.buy(1, MILLI);
    spans.buy(NOW - 29 * 24 * hour, MILLI);
    spans.buy(NOW + hour - MILLI, MILLI);
    spans.buy(NOW + hour + MILLI, MILLI);
    spans.buy(-5_000, 1_000);
    score();
    scorer.flush(NOW);
    assertThat(scorer.counts().count(ScoringCounter.TOO_OLD)).isEqualTo(2);
    assertThat(scorer.counts().count(ScoringCounter.FUTURE)).isEqualTo(2);
    assertThat(learned(directory)).isEqualTo(2);
    assertThat(scorer.counts().count(ScoringCounter.SCORED)).isEqualTo(6);
  }

  @Test
  void score_eventTime_learnsAnyTime() {
    Scorer replay = scorer(directory, settings.inEventTime());
    spans.buy(1, MILLI).buy(NOW, MILLI).buy(-5_000, 1_000);
    replay.score(spans.batch(), 0, (batch, row, anomaly) -> anomalies.add(anomaly));
    replay.flush(0);
    assertThat(learned(directory)).isEqualTo(3);
  }

  @Test
  void score_range_passesOverTheRest() {
    spans.buy(NOW - 1, MILLI).buy(NOW, MILLI).buy(NOW + 1, MILLI).buy(NOW + 2, MILLI);
    SpanBatch batch = spans.batch();
    scorer.score(batch, NOW, new TimeRange(NOW, NOW + 2), (b, row, anomaly) -> {});
    scorer.flush(NOW);
    assertThat(learned(directory)).isEqualTo(2);
    assertThat(scorer.counts().count(ScoringCounter.SCORED)).isEqualTo(2);
    assertThat(scorer.counts().count(ScoringCounter.OUT_OF_RANGE)).isEqualTo(2);
  }

  @Test
  void learn_batch_teachesAndMarksNothing() {
    for (int i = 0; i < 1_000; i++) {
      spans.buy(MONDAY_NINE + i, i % 100 == 99 ? 900 * MILLI : MILLI + i);
    }
    scorer.learn(spans.batch(), NOW, TimeRange.ALL);
    scorer.flush(NOW);
    assertThat(learned(directory)).isEqualTo(1_000);
    assertThat(scorer.counts().count(ScoringCounter.SCORED)).isZero();
    assertThat(scorer.counts().marks(Severity.LOW)).isZero();
  }

  @Test
  void score_noServiceAndEmptyName_haveNamesOfTheirOwn() {
    spans.span(null, "", SpanKind.INTERNAL, NOW, 5).span("", "a", SpanKind.INTERNAL, NOW, 5);
    score();
    assertThat(directory.find(new OperationKey("unknown_service", "", SpanKind.INTERNAL)))
        .isPresent();
    assertThat(directory.find(new OperationKey("", "a", SpanKind.INTERNAL))).isPresent();
  }

  @Test
  void score_namesLongerThanTheLimit_areCutAtACharacter() {
    String umlauts = "x" + "ü".repeat(400);
    spans.span("shop", umlauts, SpanKind.SERVER, NOW, 5);
    spans.span("shop", umlauts + "y", SpanKind.SERVER, NOW, 5);
    score();
    scorer.flush(NOW);
    String kept = "x" + "ü".repeat(255);
    Operation operation =
        directory.find(new OperationKey("shop", kept, SpanKind.SERVER)).orElseThrow();
    assertThat(operation.drainPending().get(0).statistics().count()).isEqualTo(2);
    assertThat(directory.operation(new OperationKey("shop", umlauts, SpanKind.SERVER)))
        .isSameAs(operation);
  }

  @Test
  void score_recordedLevelFive_handsOnAFifth() {
    Scorer all = scorer(directory, settings.withAllRecorded(5));
    Random random = new Random(11);
    for (int i = 0; i < 50_000; i++) {
      spans.buy(MONDAY_NINE + i, (long) (MILLI * Math.exp(random.nextGaussian())));
    }
    all.score(spans.batch(), NOW, (batch, row, anomaly) -> anomalies.add(anomaly));
    assertThat(anomalies.size() / 50_000.0).isCloseTo(0.2, within(0.02));
    long worst = all.counts().marks(Severity.CRITICAL) + all.counts().marks(Severity.MAJOR);
    assertThat(worst / 50_000.0).isCloseTo(0.01, within(0.004));
  }

  @Test
  void score_moreMarksThanTheLimit_recordsAllCriticalOnesAndASecondsShareOfTheOthers() {
    Random random = new Random(11);
    for (int i = 0; i < 200_000; i++) {
      long start = MONDAY_NINE + i % 2 * 1_000L * MILLI;
      spans.buy(start, (long) (MILLI * Math.exp(random.nextGaussian() / 4)));
    }
    score();
    long critical = scorer.counts().marks(Severity.CRITICAL);
    long major = scorer.counts().marks(Severity.MAJOR);
    long inTwoSeconds = 2L * (settings.nonCriticalPerSecond() / 2);
    assertThat(critical).isGreaterThan(100);
    assertThat(major).isGreaterThan(2 * inTwoSeconds);
    assertThat(recorded(Severity.CRITICAL)).isEqualTo(critical);
    assertThat(recorded(Severity.MAJOR)).isEqualTo(inTwoSeconds);
    assertThat(scorer.counts().count(ScoringCounter.OVER_LIMIT)).isEqualTo(major - inTwoSeconds);
    assertThat(scorer.counts().count(ScoringCounter.RECORDED)).isEqualTo(critical + inTwoSeconds);
  }

  private long recorded(Severity severity) {
    return anomalies.stream().filter(anomaly -> anomaly.severity() == severity).count();
  }

  @Test
  void score_emptyBatch_doesNothing() {
    score();
    assertThat(scorer.counts().count(ScoringCounter.SCORED)).isZero();
    assertThat(Baseline.LEARNING.isLearning()).isTrue();
  }
}
