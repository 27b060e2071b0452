package io.krystaline.engine.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BaselineTest {
  /** Monday 2026-06-01T00:00Z in hours. */
  private static final long MONDAY = hour("2026-06-01T00:00:00Z");

  private static final BaselineSettings SETTINGS = BaselineSettings.defaults();

  private static HourStatistics constant(int samples, long nanos) {
    HourStatistics statistics = new HourStatistics();
    for (int i = 0; i < samples; i++) {
      statistics.add(nanos);
    }
    return statistics;
  }

  private static long hour(String instant) {
    return Instant.parse(instant).getEpochSecond() / 3600;
  }

  private static BucketLevel levelOf(Baseline baseline, int hourOfWeek) {
    return baseline.resolve(hourOfWeek).orElseThrow().level();
  }

  @Test
  void resolve_fewSamples_fallsBackToWiderBuckets() {
    long monday = hour("2026-06-01T00:00:00Z");
    BaselineBuilder builder = new BaselineBuilder(SETTINGS);
    builder.add(monday + 9, constant(10, 1_000_000));
    builder.add(monday + 10, constant(9, 2_000_000));
    builder.add(monday + 24 + 10, constant(1, 3_000_000));
    builder.add(monday + 24 + 11, constant(9, 4_000_000));
    builder.add(monday + 48 + 12, constant(9, 5_000_000));
    Baseline baseline = builder.build();
    assertThat(levelOf(baseline, 9)).isEqualTo(BucketLevel.HOUR_OF_WEEK);
    assertThat(levelOf(baseline, 10)).isEqualTo(BucketLevel.HOUR_OF_DAY);
    assertThat(baseline.resolve(10).orElseThrow().meanNanos()).isCloseTo(2_100_000, within(1.0));
    assertThat(levelOf(baseline, 24 + 9)).isEqualTo(BucketLevel.HOUR_OF_DAY);
    assertThat(levelOf(baseline, 24 + 11)).isEqualTo(BucketLevel.DAY_OF_WEEK);
    assertThat(baseline.resolve(24 + 11).orElseThrow().samples()).isEqualTo(10);
    assertThat(levelOf(baseline, 48 + 12)).isEqualTo(BucketLevel.GLOBAL);
    assertThat(levelOf(baseline, 167)).isEqualTo(BucketLevel.GLOBAL);
    assertThat(baseline.resolve(167).orElseThrow().samples()).isEqualTo(38);
    assertThat(baseline.hour(10).orElseThrow().samples()).isEqualTo(9);
    assertThat(baseline.hour(11)).isEmpty();
    assertThat(baseline.samples()).isEqualTo(38);
    assertThat(baseline.isLearning()).isFalse();
  }

  @Test
  void resolve_fewerThanMinSamples_isStillLearning() {
    BaselineBuilder builder = new BaselineBuilder(SETTINGS);
    assertThat(builder.build().isLearning()).isTrue();
    assertThat(builder.build().global()).isEmpty();
    builder.add(0, constant(9, 5));
    builder.add(1, new HourStatistics());
    Baseline baseline = builder.build();
    assertThat(baseline.isLearning()).isTrue();
    assertThat(baseline.resolve(0)).isEmpty();
    assertThat(baseline.thresholdNanos(0, 1)).isEqualTo(Baseline.NEVER);
    assertThat(baseline.level(0, Long.MAX_VALUE)).isZero();
    assertThat(baseline.global().orElseThrow().samples()).isEqualTo(9);
  }

  @Test
  void hourOfWeek_zones_followLocalTime() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    assertThat(HourOfWeek.of(hour("2026-06-01T07:00:00Z"), ZoneId.of("UTC"))).isEqualTo(7);
    assertThat(HourOfWeek.of(hour("2026-06-01T07:00:00Z"), berlin)).isEqualTo(9);
    assertThat(HourOfWeek.of(hour("2026-01-05T07:00:00Z"), berlin)).isEqualTo(8);
    // Clocks go back on 2026-10-25 at 03:00: two UTC hours share Sunday 02:00.
    int sundayTwo = 6 * 24 + 2;
    assertThat(HourOfWeek.of(hour("2026-10-25T00:00:00Z"), berlin)).isEqualTo(sundayTwo);
    assertThat(HourOfWeek.of(hour("2026-10-25T01:00:00Z"), berlin)).isEqualTo(sundayTwo);
    // Clocks go forward on 2026-03-29 at 02:00: Sunday 02:00 is skipped.
    assertThat(HourOfWeek.of(hour("2026-03-29T00:00:00Z"), berlin)).isEqualTo(6 * 24 + 1);
    assertThat(HourOfWeek.of(hour("2026-03-29T01:00:00Z"), berlin)).isEqualTo(6 * 24 + 3);
    assertThat(HourOfWeek.of(hour("2026-06-01T04:00:00Z"), ZoneId.of("Asia/Kolkata"))).isEqualTo(9);
    HourOfWeek remembering = new HourOfWeek(berlin);
    for (int round = 0; round < 2; round++) {
      for (long h = hour("2026-03-01T00:00:00Z"); h < hour("2026-04-30T00:00:00Z"); h++) {
        assertThat(remembering.of(h)).isEqualTo(HourOfWeek.of(h, berlin));
      }
    }
  }

  @Test
  void build_anyOrderAndParts_givesTheSame() {
    Random random = new Random(3);
    List<HourSlice> slices = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      HourStatistics part = new HourStatistics();
      part.add(random.nextInt(10_000_000));
      slices.add(new HourSlice(MONDAY + random.nextInt(720), part));
    }
    Baseline first = BaselineBuilder.build(slices.iterator(), SETTINGS);
    Collections.shuffle(slices, random);
    assertThat(BaselineBuilder.build(slices.iterator(), SETTINGS)).isEqualTo(first);
  }

  @Test
  void thresholds_mixedHours_arePercentilesOfTheExactDeviations() {
    Random random = new Random(8);
    BaselineBuilder builder = new BaselineBuilder(SETTINGS);
    List<long[]> values = new ArrayList<>();
    for (int hour = 0; hour < 168; hour++) {
      long[] durations = new long[hour % 5 == 0 ? 3 : 60];
      double scale = 1e6 * (1 + hour % 24);
      Arrays.setAll(durations, i -> (long) (scale * Math.exp(0.4 * random.nextGaussian())));
      HourStatistics statistics = new HourStatistics();
      statistics.addAll(durations, 0, durations.length, 1);
      builder.add(MONDAY + hour, statistics);
      values.add(durations);
    }
    Baseline baseline = builder.build();
    List<Double> deviations = new ArrayList<>();
    for (int hour = 0; hour < 168; hour++) {
      Bucket bucket = baseline.resolve(hour).orElseThrow();
      for (long duration : values.get(hour)) {
        deviations.add(bucket.deviation(duration));
      }
    }
    deviations.sort(null);
    int count = deviations.size();
    for (int level = 1; level <= 5; level++) {
      double percentile = baseline.thresholds().percentile(level);
      int rank = (int) Math.ceil(count * percentile / 100);
      double exact = deviations.get(rank - 1);
      // A bin's upper edge lies at most 1/64 of the duration above it: 0.1 of a deviation here.
      assertThat(baseline.thresholds().deviation(level)).isBetween(exact - 1e-6, exact + 0.1);
    }
  }

  @Test
  void thresholds_fewSamples_extrapolateTheLongest() {
    HourStatistics statistics = new HourStatistics();
    for (int i = 1; i <= 300; i++) {
      statistics.add(i <= 299 ? 10_000_000 : 40_000_000);
    }
    Baseline baseline = BaselineBuilder.provisional(statistics, SETTINGS);
    double expected = 40e6 / (0.001 * 301);
    assertThat((double) baseline.thresholdNanos(0, 1)).isCloseTo(expected, within(expected / 60));
    assertThat(baseline.thresholdNanos(0, 2)).isBetween(10_000_000L, 12_000_000L);
    assertThat(baseline.level(5, 200_000_000)).isEqualTo(1);
    assertThat(baseline.level(5, 10_000_000)).isZero();
  }

  @Test
  void thresholds_constantDurations_markOnlyWhatIsLonger() {
    for (long nanos :
        new long[] {0, 1, 64, 127, 128, 129, 65_535, 89_000_000, 70_000_000_000_000L}) {
      for (int samples : new int[] {10, 100, 1_000, 100_000}) {
        Baseline baseline = BaselineBuilder.provisional(constant(samples, nanos), SETTINGS);
        assertThat(baseline.level(0, nanos)).as("%s of %s ns", samples, nanos).isZero();
        assertThat(baseline.level(0, 0)).isZero();
        assertThat(baseline.level(0, (nanos + 2_000) * 20_000)).isEqualTo(1);
      }
    }
  }

  @Test
  void level_fasterThanTheMean_isNeverMarked() {
    HourStatistics statistics = constant(900, 1_000);
    statistics.merge(constant(100, 1_000_000_000));
    Baseline baseline = BaselineBuilder.provisional(statistics, SETTINGS);
    assertThat(baseline.thresholdNanos(0, 5)).isGreaterThanOrEqualTo(99_000_000);
    assertThat(baseline.level(0, 99_000_000)).isZero();
  }

  @Test
  void toBytes_allHours_isSmallAndReadsBack() {
    Random random = new Random(6);
    BaselineBuilder builder = new BaselineBuilder(SETTINGS.withZone(ZoneId.of("America/New_York")));
    for (int hour = 0; hour < 720; hour++) {
      HourStatistics statistics = new HourStatistics();
      for (int i = 0; i < 20; i++) {
        statistics.add((long) Math.exp(16 + random.nextGaussian()));
      }
      builder.add(MONDAY + hour, statistics);
    }
    Baseline baseline = builder.build();
    byte[] bytes = baseline.toBytes();
    assertThat(bytes.length).isLessThan(6 * 1024);
    Baseline read = Baseline.fromBytes(bytes);
    assertThat(read).isEqualTo(baseline).hasSameHashCodeAs(baseline);
    assertThat(read.zone()).isEqualTo(ZoneId.of("America/New_York"));
    for (int hour = 0; hour < 168; hour++) {
      assertThat(read.resolve(hour)).isEqualTo(baseline.resolve(hour));
      for (int level = 1; level <= 5; level++) {
        assertThat(read.thresholdNanos(hour, level))
            .isEqualTo(baseline.thresholdNanos(hour, level));
      }
    }
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> Baseline.fromBytes(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    Garbage.mutations(bytes, 5_000)
        .forEach(b -> Garbage.refusesOrKeeps(b, x -> Baseline.fromBytes(x).toBytes()));
    assertThat(Baseline.fromBytes(Baseline.LEARNING.toBytes()).isLearning()).isTrue();
  }

  @Test
  void memory_allHoursSeen_isBelowSixKilobytes() {
    BaselineBuilder builder = new BaselineBuilder(SETTINGS);
    for (int hour = 0; hour < 168; hour++) {
      builder.add(MONDAY + hour, constant(20, 1_000_000 + hour));
    }
    Baseline[] baselines = new Baseline[2_000];
    byte[] bytes = builder.build().toBytes();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long before = runtime.totalMemory() - runtime.freeMemory();
    for (int i = 0; i < baselines.length; i++) {
      baselines[i] = Baseline.fromBytes(bytes);
    }
    System.gc();
    long each = (runtime.totalMemory() - runtime.freeMemory() - before) / baselines.length;
    System.out.println("memory of a baseline with all hours: " + each + " bytes");
    assertThat(each).isBetween(4_000L, 6_144L);
    assertThat(baselines[baselines.length - 1].samples()).isEqualTo(3_360);
  }

  @Test
  void settings_wrong_areRefused() {
    assertThatThrownBy(
            () -> new BaselineSettings(ZoneId.of("UTC"), 0, 10, List.of(), 100, 1.25, 1_000))
        .hasMessageContaining("historyDays is 0");
    assertThatThrownBy(
            () ->
                new BaselineSettings(
                    ZoneId.of("UTC"), 30, 10, List.of(99.9, 99.0, 99.5, 90.0, 80.0), 100, 2, 1_000))
        .hasMessageContaining("99.5");
    assertThatThrownBy(
            () -> new BaselineSettings(ZoneId.of("UTC"), 30, 10, List.of(99.0), 100, 2, 1_000))
        .hasMessageContaining("five");
    assertThatThrownBy(
            () ->
                new BaselineSettings(
                    ZoneId.of("UTC"), 30, 10, SETTINGS.percentiles(), 100, Double.NaN, 1_000))
        .hasMessageContaining("coldStartGrowth");
    assertThatThrownBy(() -> new Thresholds(new double[5], new double[] {1, 2, 3, 4, 5}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Thresholds(new double[5], new double[] {Double.NaN, 0, 0, 0, 0}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
