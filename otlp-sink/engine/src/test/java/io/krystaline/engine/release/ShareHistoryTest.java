package io.krystaline.engine.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ShareHistoryTest {
  private final ShareHistory history = new ShareHistory();

  private void learn(int minutes, long... counts) {
    for (int i = 0; i < minutes; i++) {
      history.learn(counts, 1);
    }
  }

  @Test
  void bound_beforeTenMinutes_isUnknown() {
    learn(8, 100, 30, 4, 0);
    assertThat(history.bound(Measure.MEDIAN)).isNaN();
    learn(2, 100, 30, 4, 0);
    assertThat(history.bound(Measure.MEDIAN)).isEqualTo(0.5);
  }

  @Test
  void bound_minutesOfFewSpans_areNotLearned() {
    learn(100, 4, 4, 4, 4);
    assertThat(history.bound(Measure.MEDIAN)).isNaN();
  }

  @Test
  void bound_ofEqualMinutes_isTheLeast() {
    learn(20, 100, 30, 4, 1);
    assertThat(history.bound(Measure.MEDIAN)).isEqualTo(0.5);
    assertThat(history.bound(Measure.TAIL)).isEqualTo(0.1);
    assertThat(history.bound(Measure.FAILED)).isEqualTo(0.03, within(1e-12));
  }

  @Test
  void bound_ofMinutesThatVary_isThreeDeviationsBeyondChance() {
    for (int i = 0; i < 50; i++) {
      learn(1, 1_000, 300, 40, 0);
      learn(1, 1_000, 500, 40, 0);
    }
    // Mean 0.4, variance 0.01, of which chance is (0.3 * 0.7 + 0.5 * 0.5) / 2 / 999.
    double between = 0.01 - 0.23 / 999;
    assertThat(history.bound(Measure.MEDIAN)).isEqualTo(0.4 + 3 * Math.sqrt(between), within(1e-9));
  }

  @Test
  void bound_ofMinutesThatVaryTooMuch_isOne() {
    for (int i = 0; i < 50; i++) {
      learn(1, 1_000, 0, 0, 0);
      learn(1, 1_000, 1_000, 1_000, 1_000);
    }
    assertThat(history.bound(Measure.MEDIAN)).isEqualTo(1);
  }

  @Test
  void bound_ofChanceAlone_isNearTheLeast() {
    Random random = new Random(3);
    for (int minute = 0; minute < 200; minute++) {
      long[] counts = {20, 0, 0, 0};
      for (int span = 0; span < 20; span++) {
        counts[1] += random.nextDouble() < 0.33 ? 1 : 0;
        counts[2] += random.nextDouble() < 0.03 ? 1 : 0;
      }
      history.learn(counts, 1);
    }
    assertThat(history.bound(Measure.MEDIAN)).isBetween(0.5, 0.55);
    assertThat(history.bound(Measure.TAIL)).isBetween(0.1, 0.13);
  }
}
