package io.krystaline.sink.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PoissonIntervalTest {

  /** Values from the usual tables of exact limits. */
  @Test
  void of_smallCounts_areTheTablesValues() {
    assertInterval(0, 0, 3.6889);
    assertInterval(1, 0.0253, 5.5716);
    assertInterval(3, 0.6187, 8.7673);
    assertInterval(10, 4.7954, 18.3904);
    assertInterval(100, 81.3640, 121.6272);
  }

  @Test
  void of_aLargeCount_isNearTheNormalApproximation() {
    PoissonInterval interval = PoissonInterval.of(10_000, 0.95);

    assertThat(interval.lower()).isCloseTo(9_804.9, within(1.5));
    assertThat(interval.upper()).isCloseTo(10_198, within(1.5));
  }

  @Test
  void of_impossibleArguments_areRefused() {
    assertThatThrownBy(() -> PoissonInterval.of(-1, 0.95))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PoissonInterval.of(1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PoissonInterval.of(1, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertInterval(long count, double lower, double upper) {
    PoissonInterval interval = PoissonInterval.of(count, 0.95);
    assertThat(interval.lower()).isCloseTo(lower, within(1e-3));
    assertThat(interval.upper()).isCloseTo(upper, within(1e-3));
  }
}
