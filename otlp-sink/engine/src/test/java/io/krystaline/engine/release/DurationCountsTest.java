package io.krystaline.engine.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DurationCountsTest {
  private final DurationCounts counts = new DurationCounts();

  @Test
  void quantile_ofNothing_isZero() {
    assertThat(counts.quantileNanos(0.5)).isZero();
    assertThat(counts.total()).isZero();
  }

  @Test
  void quantiles_areWithinFourPercentOfTheExactOnes() {
    Random random = new Random(1);
    long[] exact = new long[5_000];
    for (int i = 0; i < exact.length; i++) {
      exact[i] = (long) Math.exp(12 + 3 * random.nextGaussian());
      counts.add(DurationCounts.bin(exact[i]));
    }
    Arrays.sort(exact);
    for (double quantile : new double[] {0.001, 0.5, 0.95, 0.999, 1}) {
      long value = exact[(int) Math.ceil(quantile * exact.length) - 1];
      assertThat((double) counts.quantileNanos(quantile))
          .as("quantile %s", quantile)
          .isEqualTo((double) value, within(0.04 * value + 2));
    }
  }

  @Test
  void quantile_ofOne_andOfTheLongestDuration() {
    counts.add(DurationCounts.bin(Long.MAX_VALUE));
    assertThat((double) counts.quantileNanos(0.5)).isGreaterThan(0.95 * Long.MAX_VALUE);
    counts.add(DurationCounts.bin(0));
    assertThat(counts.quantileNanos(0)).isLessThan(4);
  }

  @Test
  void addAll_thenScale_keepsQuantilesAndHalvesTheWeight() {
    DurationCounts other = new DurationCounts();
    for (int i = 1; i <= 100; i++) {
      (i % 2 == 0 ? counts : other).add(DurationCounts.bin(i * 1_000_000L));
    }
    counts.addAll(other);
    counts.scale(0.5);
    assertThat(counts.total()).isEqualTo(50);
    assertThat((double) counts.quantileNanos(0.5)).isEqualTo(50e6, within(2.5e6));
    counts.clear();
    assertThat(counts.quantileNanos(0.5)).isZero();
  }
}
