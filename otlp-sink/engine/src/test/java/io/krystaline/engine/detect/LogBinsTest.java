package io.krystaline.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogBinsTest {
  private static final long MARGIN = 1_000_000;
  private final LogBins bins = new LogBins(MARGIN, 2);

  @Test
  void of_limits() {
    assertThat(LogBins.of(0)).isZero();
    assertThat(LogBins.of(1)).isZero();
    assertThat(LogBins.of(1_000)).isZero();
    assertThat(LogBins.of(Long.MAX_VALUE)).isEqualTo(LogBins.COUNT - 1);
    assertThat(LogBins.of(600_000_000_000L)).isLessThan(LogBins.COUNT - 1);
  }

  @Test
  void of_theMiddleOfABin_isTheBin_andBinsAreFourPerCentWide() {
    for (int bin = 0; bin < LogBins.COUNT; bin++) {
      assertThat(LogBins.of(Math.round(LogBins.middleNanos(bin)))).isEqualTo(bin);
    }
    assertThat(LogBins.middleNanos(101) / LogBins.middleNanos(100)).isCloseTo(1.04, within(0.001));
  }

  @Test
  void of_isTheLogarithm_aroundEachBinsEdge_andForAnyDuration() {
    for (int bin = 0; bin <= LogBins.COUNT; bin++) {
      long edge = (long) (Math.exp(bin * LogBins.WIDTH) * 1_000);
      for (long nanos = edge - 3; nanos <= edge + 3; nanos++) {
        assertThat(LogBins.of(nanos)).isEqualTo(LogBins.byLogarithm(nanos));
      }
    }
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 200_000; i++) {
      long nanos = random.nextLong() >>> random.nextInt(1, 64);
      if (LogBins.of(nanos) != LogBins.byLogarithm(nanos)) {
        assertThat(LogBins.of(nanos)).as("%s ns", nanos).isEqualTo(LogBins.byLogarithm(nanos));
      }
    }
    assertThat(LogBins.of(0)).isZero();
    assertThat(LogBins.of(1_001)).isZero();
    assertThat(LogBins.of(Long.MAX_VALUE)).isEqualTo(LogBins.COUNT - 1);
  }

  @Test
  void of_rises() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      long one = (long) Math.exp(random.nextDouble(40));
      long other = one + random.nextLong(one + 1);
      assertThat(LogBins.of(one)).isLessThanOrEqualTo(LogBins.of(other));
    }
  }

  /** A normal duration of 10 ms is tested as 5 ms, one of 1.5 ms as 0.5 ms. */
  @Test
  void tested_isTheLesserOfTheMarginAndTheFactor_toABin() {
    for (int bin = 0; bin < LogBins.COUNT; bin++) {
      double nanos = Math.exp(bin * LogBins.WIDTH) * 1_000;
      double less = Math.max(1_000, Math.min(nanos - MARGIN, nanos / 2));
      assertThat(bins.tested(bin)).isCloseTo(LogBins.of((long) less), within(1));
      assertThat(bins.tested(bin)).isBetween(0, bin);
    }
    assertThat(bins.tested(LogBins.of(10_000_000))).isCloseTo(LogBins.of(5_000_000), within(1));
    assertThat(bins.tested(LogBins.of(1_500_000))).isCloseTo(LogBins.of(500_000), within(3));
  }

  @Test
  void tested_withoutMargin_isTheBin() {
    LogBins plain = new LogBins(0, 1);
    for (int bin = 0; bin < LogBins.COUNT; bin++) {
      assertThat(plain.tested(bin)).isCloseTo(bin, within(1));
    }
  }

  @Test
  void levels_areATenthAHundredthAndAThousandth() {
    assertThat(new double[] {Levels.of(0), Levels.of(1), Levels.of(2)})
        .containsExactly(0.1, 0.01, 0.001);
    assertThat(Levels.COUNT).isEqualTo(3);
  }
}
