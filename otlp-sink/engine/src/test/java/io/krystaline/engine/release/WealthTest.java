package io.krystaline.engine.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WealthTest {
  @Test
  void wealth_beforeAnyBet_isOne() {
    assertThat(new Wealth().slower()).isEqualTo(0, within(1e-12));
    assertThat(new Wealth().failing()).isEqualTo(0, within(1e-12));
  }

  @Test
  void bet_allBeyondTheMedian_multipliesByThreeFactors() {
    Wealth wealth = new Wealth();
    for (int tick = 0; tick < 20; tick++) {
      wealth.bet(Measure.MEDIAN, 1, 0.5);
    }

    // Bets 1.5, 0.375 and 0.09375 on 0.5; the three of the tail have staked nothing.
    double exact =
        Math.log((Math.pow(1.75, 20) + Math.pow(1.1875, 20) + Math.pow(1.046875, 20) + 3) / 6);
    assertThat(wealth.slower()).isEqualTo(exact, within(1e-9));
    assertThat(exact).isEqualTo(9.4, within(0.01));
    assertThat(wealth.slowest()).isEqualTo(Measure.MEDIAN);
    assertThat(wealth.failing()).isZero();
  }

  @Test
  void bet_shareOfTheBound_changesNothing() {
    Wealth wealth = new Wealth();
    wealth.bet(Measure.FAILED, 0.02, 0.02);
    assertThat(wealth.failing()).isEqualTo(0, within(1e-12));
  }

  @Test
  void bet_nothingBeyond_losesAtMostThreeQuarters() {
    Wealth wealth = new Wealth();
    for (int tick = 0; tick < 1_000; tick++) {
      wealth.bet(Measure.MEDIAN, 0, 0.5);
      wealth.bet(Measure.TAIL, 0, 0.9);
    }
    assertThat(wealth.slower()).isFinite().isNegative();
  }

  @Test
  void wealth_passesOneInAlpha_inLessThanAlphaOfInnocentTrials_thoughSpansOfATickAreAlike() {
    // All spans of a tick alike, with the probability of the bound itself: the worst that is fair.
    Random random = new Random(11);
    int trials = 4_000;
    int convicted = 0;
    for (int trial = 0; trial < trials; trial++) {
      Wealth wealth = new Wealth();
      boolean passed = false;
      for (int tick = 0; tick < 400; tick++) {
        wealth.bet(Measure.MEDIAN, random.nextBoolean() ? 1 : 0, 0.5);
        wealth.bet(Measure.TAIL, random.nextDouble() < 0.1 ? 1 : 0, 0.1);
        passed |= wealth.slower() >= Math.log(1 / 0.05);
      }
      convicted += passed ? 1 : 0;
    }
    // 0.05 of 4,000 is 200, with a standard deviation of 14.
    assertThat(convicted).isBetween(1, 200);
  }

  @Test
  void logSum_ofNothingAndOfGreatNumbers() {
    assertThat(Wealth.logSum()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(Wealth.logSum(1_000, 1_000)).isEqualTo(1_000 + Math.log(2), within(1e-9));
    assertThat(Wealth.logSum(Double.NEGATIVE_INFINITY, 3)).isEqualTo(3, within(1e-12));
  }

  @Test
  void acquittal_needsAllThreeMeasures() {
    Acquittal acquittal = new Acquittal();
    for (int tick = 0; tick < 400; tick++) {
      acquittal.bet(Measure.MEDIAN, 0.3, 0.5);
      acquittal.bet(Measure.TAIL, 0.03, 0.1);
    }
    assertThat(acquittal.isReached()).isFalse();

    int ticks = 0;
    while (!acquittal.isReached()) {
      acquittal.bet(Measure.FAILED, 0.003, 0.016);
      ticks++;
    }
    // Each tick 1 + 0.75 / 0.984 * 0.013: 3.69 nats with the careful one's half included.
    assertThat(ticks).isBetween(300, 375);
  }
}
