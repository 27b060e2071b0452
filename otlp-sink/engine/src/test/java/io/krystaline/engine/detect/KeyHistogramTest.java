package io.krystaline.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.krystaline.engine.detect.KeyHistogram.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyHistogramTest {
  private static final int SEEDS = 40;

  @Test
  void pValue_ofTooFew_isNotANumber() {
    KeyHistogram histogram = new KeyHistogram(Shape.UPPER_TAIL, 1, 2);
    assertThat(histogram.pValue(5)).isNaN();
    assertThat(histogram.medianNanos()).isZero();
    histogram.learn(5, 19);
    assertThat(histogram.pValue(5)).isNaN();
    histogram.learn(5, 1);
    assertThat(histogram.pValue(5)).isEqualTo(1);
    assertThat(histogram.serviceA).isEqualTo(1);
    assertThat(histogram.serviceB).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void pValue_isTheBruteForceRank(Shape shape) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      List<Integer> seen = values(random, 20 + random.nextInt(400), 1 + random.nextInt(400));
      KeyHistogram histogram = histogram(shape, seen);
      for (int bin = 0; bin < LogBins.COUNT; bin++) {
        assertThat(histogram.pValue(bin))
            .as("seed %d bin %d", seed, bin)
            .isCloseTo(rank(shape, seen, bin), within(1e-6));
      }
    }
  }

  /** Conformal validity: of exchangeable observations at most a share q has a p-value up to q. */
  @ParameterizedTest
  @EnumSource(Shape.class)
  void pValue_ofExchangeableObservations_isValid(Shape shape) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      List<Integer> seen = values(random, 200 + random.nextInt(200), 2 + random.nextInt(300));
      for (double q : new double[] {0.1, 0.01, 0.005}) {
        int unusual = 0;
        for (int i = 0; i < seen.size(); i++) {
          int own = seen.get(i);
          List<Integer> others = new ArrayList<>(seen.subList(0, i));
          others.addAll(seen.subList(i + 1, seen.size()));
          unusual += histogram(shape, others).pValue(own) <= q ? 1 : 0;
        }
        assertThat(unusual)
            .as("seed %d level %s", seed, q)
            .isLessThanOrEqualTo(Math.max(1, (int) (q * seen.size())));
      }
    }
  }

  /** 500 normal ones up to 40 ms: 400 ms, tested as 200 ms, has p = (40 / 200) / 501 = 0.0004. */
  @Test
  void pValue_beyondTheGreatest_isAParetoTail() {
    KeyHistogram histogram = new KeyHistogram(Shape.UPPER_TAIL, 0, 0);
    histogram.learn(LogBins.of(10_000_000), 499);
    histogram.learn(LogBins.of(40_000_000), 1);
    int tested = new LogBins(1_000_000, 2).tested(LogBins.of(400_000_000));
    assertThat(histogram.pValue(tested)).isCloseTo(0.0004, within(0.00003));
    double before = 1;
    for (int bin = 0; bin < LogBins.COUNT; bin++) {
      assertThat(histogram.pValue(bin)).isPositive().isLessThanOrEqualTo(before);
      before = histogram.pValue(bin);
    }
  }

  @Test
  void pValue_ofTies_isOne() {
    for (Shape shape : Shape.values()) {
      KeyHistogram histogram = new KeyHistogram(shape, 0, 0);
      histogram.learn(7, 100);
      assertThat(histogram.pValue(7)).isEqualTo(1);
    }
  }

  @Test
  void pValue_ofAValueNeverSeen_isTheLeast() {
    KeyHistogram rarity = new KeyHistogram(Shape.RARITY, 0, 0);
    rarity.learn(3, 60);
    rarity.learn(5, 39);
    assertThat(rarity.pValue(4)).isEqualTo(1 / 100.0);
    assertThat(rarity.pValue(400)).isEqualTo(1 / 100.0);
    assertThat(rarity.pValue(5)).isEqualTo(40 / 100.0);
    assertThat(rarity.pValue(3)).isEqualTo(1);
    KeyHistogram failed = new KeyHistogram(Shape.UPPER, 0, 0);
    failed.learn(0, 99);
    assertThat(failed.pValue(1)).isEqualTo(1 / 100.0);
    assertThat(failed.pValue(0)).isEqualTo(1);
  }

  @Test
  void decay_ofMany_halvesTheWeight_andKeepsTheShape() {
    KeyHistogram histogram = new KeyHistogram(Shape.UPPER, 0, 0);
    histogram.learn(0, 900);
    histogram.learn(1, 99);
    assertThat(histogram.pValue(1)).isEqualTo(100 / 1_000.0);
    histogram.decay(0.5);
    assertThat(histogram.pValue(1)).isCloseTo(50.5 / 500.5, within(1e-9));
    for (int i = 0; i < 50; i++) {
      histogram.decay(0.5);
    }
    // Decay ends below 300 observations: what is asked for seldom keeps what it knows.
    assertThat(histogram.pValue(1)).isCloseTo((99 / 4.0 + 1) / (999 / 4.0 + 1), within(1e-6));
  }

  @Test
  void medianNanos_isTheMiddleOfItsBin() {
    KeyHistogram histogram = new KeyHistogram(Shape.UPPER_TAIL, 0, 0);
    histogram.learn(100, 10);
    histogram.learn(200, 11);
    histogram.learn(300, 10);
    assertThat(histogram.medianNanos()).isEqualTo(LogBins.middleNanos(200));
  }

  private static List<Integer> values(Random random, int count, int range) {
    int from = random.nextInt(LogBins.COUNT - range);
    List<Integer> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double skewed = random.nextDouble() * random.nextDouble() * random.nextDouble();
      values.add(from + (int) (range * skewed));
    }
    return values;
  }

  private static KeyHistogram histogram(Shape shape, List<Integer> values) {
    KeyHistogram histogram = new KeyHistogram(shape, 0, 0);
    values.forEach(value -> histogram.learn(value, 1));
    return histogram;
  }

  private static double rank(Shape shape, List<Integer> seen, int bin) {
    int greatest = seen.stream().mapToInt(value -> value).max().orElseThrow();
    if (shape == Shape.UPPER_TAIL && bin > greatest) {
      return Math.exp(-0.04 * (bin - greatest)) / (seen.size() + 1);
    }
    int own = Collections.frequency(seen, bin);
    long beyond =
        seen.stream()
            .filter(
                value ->
                    switch (shape) {
                      case UPPER_TAIL, UPPER -> value >= bin;
                      case LOWER -> value <= bin;
                      case RARITY -> Collections.frequency(seen, value) <= own + 1;
                    })
            .count();
    return (1.0 + beyond) / (seen.size() + 1);
  }
}
