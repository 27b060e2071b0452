package io.krystaline.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DivergenceTest {
  @Test
  void above_workedNumbers() {
    assertThat(Divergence.above(3, 3, 0.01)).isCloseTo(3 * Math.log(100), within(1e-9));
    assertThat(Divergence.above(30, 100, 0.1)).isCloseTo(15.4, within(0.05));
    assertThat(Divergence.above(1, 1, 0.001)).isCloseTo(6.9, within(0.01));
  }

  @Test
  void above_aShareThatIsNotAbove_isZero() {
    assertThat(Divergence.above(0, 10, 0.1)).isZero();
    assertThat(Divergence.above(1, 10, 0.1)).isZero();
    assertThat(Divergence.above(0, 1, 0.5)).isZero();
  }

  @Test
  void above_isTheLogLikelihoodRatio_andRisesWithTheHits() {
    for (double expected : new double[] {0.001, 0.01, 0.1, 0.5, 0.99}) {
      for (int trials = 1; trials <= 60; trials++) {
        double before = 0;
        for (int hits = 0; hits <= trials; hits++) {
          double share = hits / (double) trials;
          double ratio = logLikelihood(hits, trials, share) - logLikelihood(hits, trials, expected);
          double nats = Divergence.above(hits, trials, expected);
          assertThat(nats).isCloseTo(share > expected ? ratio : 0, within(1e-9));
          assertThat(nats).isGreaterThanOrEqualTo(before);
          before = nats;
        }
      }
    }
  }

  /** The Chernoff bound: so many hits or more have at most the probability e^-nats. */
  @Test
  void above_boundsTheExactBinomialTail() {
    for (double expected : new double[] {0.001, 0.01, 0.1, 0.4}) {
      for (int trials : new int[] {1, 2, 5, 20, 100, 400}) {
        double tail = 0;
        for (int hits = trials; hits > expected * trials; hits--) {
          tail += Math.exp(logChoose(trials, hits) + logLikelihood(hits, trials, expected));
          assertThat(tail)
              .isLessThanOrEqualTo(Math.exp(-Divergence.above(hits, trials, expected)) + 1e-12);
        }
      }
    }
  }

  private static double logLikelihood(int hits, int trials, double share) {
    double in = hits == 0 ? 0 : hits * Math.log(share);
    return in + (hits == trials ? 0 : (trials - hits) * Math.log(1 - share));
  }

  private static double logChoose(int n, int k) {
    double sum = 0;
    for (int i = 1; i <= k; i++) {
      sum += Math.log((n - k + i) / (double) i);
    }
    return sum;
  }
}
