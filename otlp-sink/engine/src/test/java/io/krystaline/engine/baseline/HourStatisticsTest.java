package io.krystaline.engine.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HourStatisticsTest {
  private static HourStatistics statisticsOf(long... durations) {
    HourStatistics statistics = new HourStatistics();
    statistics.addAll(durations, 0, durations.length, 1);
    return statistics;
  }

  private static double exactDeviation(long[] values) {
    BigDecimal sum = BigDecimal.ZERO;
    for (long value : values) {
      sum = sum.add(BigDecimal.valueOf(value));
    }
    BigDecimal mean = sum.divide(BigDecimal.valueOf(values.length), MathContext.DECIMAL128);
    BigDecimal squares = BigDecimal.ZERO;
    for (long value : values) {
      BigDecimal difference = BigDecimal.valueOf(value).subtract(mean);
      squares = squares.add(difference.multiply(difference));
    }
    return Math.sqrt(squares.doubleValue() / (values.length - 1));
  }

  @Test
  void moments_manyShapes_equalTheExactOnes() {
    Random random = new Random(1);
    for (int shape = 0; shape < 4; shape++) {
      long[] values = new long[5_000];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            switch (shape) {
              case 0 -> random.nextInt(1_000_000);
              case 1 -> 3_600_000_000_000L + random.nextInt(3);
              case 2 -> random.nextLong(HourStatistics.LEARNED_NANOS_MAX);
              default -> (long) Math.exp(10 + 3 * random.nextGaussian());
            };
      }
      HourStatistics statistics = statisticsOf(values);
      double exact = exactDeviation(values);
      assertThat(statistics.stdDevNanos()).isCloseTo(exact, within(exact * 1e-12));
      double mean = Arrays.stream(values).mapToDouble(v -> v / 5_000.0).sum();
      assertThat(statistics.meanNanos()).isCloseTo(mean, within(mean * 1e-12));
      assertThat(statistics.minNanos()).isEqualTo(Arrays.stream(values).min().orElseThrow());
      assertThat(statistics.maxNanos()).isEqualTo(Arrays.stream(values).max().orElseThrow());
      assertThat(statistics.count()).isEqualTo(5_000);
    }
  }

  @Test
  void addAll_severalTimes_isTheSameAsAddingEachSoOften() {
    Random random = new Random(3);
    for (int times : new int[] {1, 2, 8, HourStatistics.TIMES_MAX}) {
      long[] values = random.longs(3_000, 0, HourStatistics.LEARNED_NANOS_MAX).toArray();
      HourStatistics once = new HourStatistics();
      once.addAll(values, 10, values.length, times);
      HourStatistics each = new HourStatistics();
      for (int i = 10; i < values.length; i++) {
        for (int time = 0; time < times; time++) {
          each.add(values[i]);
        }
      }
      assertThat(once).isEqualTo(each);
      assertThat(HourStatistics.fromBytes(once.toBytes())).isEqualTo(each);
    }
  }

  @Test
  void addAll_timesOutOfRange_areRefused() {
    HourStatistics statistics = new HourStatistics();
    long[] one = {5};
    assertThatThrownBy(() -> statistics.addAll(one, 0, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> statistics.addAll(one, 0, 1, HourStatistics.TIMES_MAX + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(statistics.count()).isZero();
  }

  @Test
  void moments_emptyAndOne_areNeverNaN() {
    HourStatistics none = new HourStatistics();
    assertThat(none.meanNanos()).isZero();
    assertThat(none.stdDevNanos()).isZero();
    assertThat(none.minNanos()).isZero();
    assertThat(none.maxNanos()).isZero();
    assertThat(none.quantileNanos(0.99)).isZero();
    HourStatistics one = statisticsOf(89_000_000);
    assertThat(one.meanNanos()).isEqualTo(89_000_000);
    assertThat(one.stdDevNanos()).isZero();
    assertThat(one.quantileNanos(0.99)).isEqualTo(89_000_000);
  }

  @Test
  void add_absurdDuration_isLearnedAsTheLongest() {
    HourStatistics statistics = statisticsOf(Long.MAX_VALUE, Long.MAX_VALUE);
    assertThat(statistics.maxNanos()).isEqualTo(HourStatistics.LEARNED_NANOS_MAX);
    assertThat(statistics.meanNanos()).isEqualTo((double) HourStatistics.LEARNED_NANOS_MAX);
    assertThat(statistics.stdDevNanos()).isZero();
  }

  @Test
  void add_negative_isRefusedAndChangesNothing() {
    HourStatistics statistics = statisticsOf(5);
    assertThatThrownBy(() -> statistics.add(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(statistics).isEqualTo(statisticsOf(5));
  }

  @Test
  void merge_anySplitAndOrder_isBitForBitTheSame() {
    Random random = new Random(4);
    long[] values = random.longs(3_000, 0, 1L << 40).toArray();
    HourStatistics whole = statisticsOf(values);
    for (int round = 0; round < 20; round++) {
      HourStatistics[] parts = new HourStatistics[7];
      Arrays.setAll(parts, i -> new HourStatistics());
      for (long value : values) {
        parts[random.nextInt(7)].add(value);
      }
      HourStatistics forth = new HourStatistics();
      HourStatistics back = new HourStatistics();
      for (int i = 0; i < 7; i++) {
        forth.merge(parts[i]);
        back.merge(parts[6 - i]);
      }
      assertThat(forth).isEqualTo(whole).isEqualTo(back).hasSameHashCodeAs(back);
      assertThat(forth.stdDevNanos()).isEqualTo(whole.stdDevNanos());
    }
  }

  @Test
  void bytes_roundTripAndGarbage() {
    HourStatistics statistics = statisticsOf(1, 2, 1_000_000, Long.MAX_VALUE, 5, 5, 5);
    assertThat(HourStatistics.fromBytes(statistics.toBytes())).isEqualTo(statistics);
    assertThat(HourStatistics.fromBytes(statistics.toBytes()).stdDevNanos())
        .isEqualTo(statistics.stdDevNanos());
    HourStatistics none = new HourStatistics();
    assertThat(HourStatistics.fromBytes(none.toBytes())).isEqualTo(none);
    byte[] good = statistics.toBytes();
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> HourStatistics.fromBytes(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    Garbage.mutations(good, 20_000)
        .forEach(
            bytes -> Garbage.refusesOrKeeps(bytes, b -> HourStatistics.fromBytes(b).toBytes()));
  }
}
