package io.krystaline.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SeasonalRateTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY = 86_400 * SECOND;
  private static final long TICK = 10 * SECOND;

  private final SeasonalRate rate = new SeasonalRate(TICK);

  @Test
  void expected_withoutASeason_isNothing() {
    assertThat(rate.expected(0)).isZero();
    for (long at = 0; at < 19 * 3_600 * SECOND; at += TICK) {
      rate.learn(at, 50);
      assertThat(rate.expected(at)).isZero();
    }
    assertThat(rate.expected(19 * 3_600 * SECOND)).isZero();
  }

  @Test
  void expected_ofASteadyRate_isIt() {
    learn(0, 2 * DAY, 1);
    assertThat(rate.expected(2 * DAY + 5 * 3_600 * SECOND)).isCloseTo(50, within(0.5));
    assertThat(rate.expected(2 * DAY)).isCloseTo(50, within(0.5));
    // Also of times before the epoch.
    assertThat(new SeasonalRate(TICK).expected(-DAY)).isZero();
  }

  @Test
  void expected_followsTheTimeOfDay_withoutSteps() {
    Random random = new Random(1);
    for (long at = 0; at < 3 * DAY; at += TICK) {
      rate.learn(at, Math.round(daily(at) + random.nextGaussian() * 3));
    }
    double before = rate.expected(3 * DAY);
    for (long at = 3 * DAY; at < 4 * DAY; at += 60 * SECOND) {
      double expected = rate.expected(at);
      assertThat(expected).isCloseTo(before, within(3.0));
      before = expected;
    }
    assertThat(rate.expected(3 * DAY)).isCloseTo(daily(3 * DAY), within(6.0));
    assertThat(rate.expected(3 * DAY + 12 * 3_600 * SECOND) / rate.expected(3 * DAY))
        .isCloseTo(1 / 3.0, within(0.06));
  }

  /** Traffic twice the season's in the last quarter of an hour is expected to go on, up to four. */
  @Test
  void expected_goesAlongWithAGrowingLoad_upToFourTimes() {
    learn(0, 2 * DAY, 1);
    learn(2 * DAY, 2 * DAY + 3_600 * SECOND, 2);
    assertThat(rate.expected(2 * DAY + 3_600 * SECOND)).isBetween(90.0, 125.0);
    // Of a time of day that did not learn of it yet.
    learn(2 * DAY + 3_600 * SECOND, 2 * DAY + 9_000 * SECOND, 40);
    assertThat(rate.expected(2 * DAY + 15_000 * SECOND)).isCloseTo(200, within(1.0));
    learn(2 * DAY + 9_000 * SECOND, 2 * DAY + 30_000 * SECOND, 0);
    assertThat(rate.expected(2 * DAY + 40_000 * SECOND)).isCloseTo(12.5, within(0.2));
  }

  @Test
  void learn_forgetsOldDays() {
    learn(0, 5 * DAY, 1);
    learn(5 * DAY, 20 * DAY, 3);
    assertThat(rate.expected(20 * DAY)).isCloseTo(150, within(8.0));
  }

  private void learn(long from, long until, double factor) {
    for (long at = from; at < until; at += TICK) {
      rate.learn(at, Math.round(50 * factor));
    }
  }

  /** 75 at midnight, 25 at noon. */
  private static double daily(long nanos) {
    return 50 + 25 * Math.cos(2 * Math.PI * nanos / DAY);
  }
}
