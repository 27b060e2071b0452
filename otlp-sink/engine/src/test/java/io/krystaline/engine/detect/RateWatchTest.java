package io.krystaline.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.krystaline.engine.detect.Traffic.Outcome;
import io.krystaline.engine.detect.Traffic.Raised;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateWatchTest {
  private static final double DAY = 86_400;

  @Test
  void surge_isThePoissonLikelihoodRatio_fromThreeTimesTheExpectedOn() {
    assertThat(RateWatch.surge(29, 10)).isZero();
    assertThat(RateWatch.surge(30, 10)).isCloseTo(30 * Math.log(3) - 20, within(1e-9));
    assertThat(RateWatch.surge(0, 0)).isZero();
    assertThat(RateWatch.surge(1_000, 0.9)).isZero();
    assertThat(RateWatch.surge(3, 1)).isCloseTo(1.3, within(0.01));
    for (double expected = 1; expected < 50; expected += 3.7) {
      for (long count = (long) Math.ceil(3 * expected); count < 500; count += 17) {
        assertThat(RateWatch.surge(count, expected))
            .isCloseTo(ratio(count, expected), within(1e-6));
      }
    }
  }

  @Test
  void silence_isThePoissonLikelihoodRatio_upToATenthOfTheExpected() {
    assertThat(RateWatch.silence(0, 6)).isEqualTo(6);
    assertThat(RateWatch.silence(0, 3.9)).isZero();
    assertThat(RateWatch.silence(3, 20)).isZero();
    assertThat(RateWatch.silence(2, 20)).isCloseTo(2 * Math.log(0.1) + 18, within(1e-9));
    assertThat(RateWatch.silence(100, 20)).isZero();
    for (double expected = 4; expected < 400; expected += 7.3) {
      for (long count = 0; count <= expected / 10; count++) {
        assertThat(RateWatch.silence(count, expected))
            .isCloseTo(ratio(count, expected), within(1e-6));
      }
    }
  }

  /** The Chernoff bound of a Poisson count: the tail has at most the probability e^-nats. */
  @Test
  void evidence_boundsTheExactPoissonTail() {
    for (double expected : new double[] {1, 4, 10, 40}) {
      double below = 0;
      for (int count = 0; count <= expected / 10; count++) {
        below += Math.exp(logPoisson(count, expected));
        if (expected >= 4) {
          assertThat(below).isLessThanOrEqualTo(Math.exp(-RateWatch.silence(count, expected)));
        }
      }
      double above = 0;
      for (int count = 600; count >= 3 * expected; count--) {
        above += Math.exp(logPoisson(count, expected));
        assertThat(above).isLessThanOrEqualTo(Math.exp(-RateWatch.surge(count, expected)));
      }
    }
  }

  @Test
  void seasonalTraffic_raisesNothing() {
    Traffic traffic = new Traffic(31);
    traffic.rate = seconds -> 0.8 + 0.6 * Math.cos(2 * Math.PI * seconds / 7_200);

    assertThat(rates(traffic.detect(traffic.overTwoDays(4 * 3_600)))).isEmpty();
  }

  @Test
  void surgeOfOneEntry_isFound_thoughTheServiceAsAWholeHidesIt() {
    Traffic traffic = new Traffic(32);
    double from = DAY + 1_800;
    traffic.rate = seconds -> seconds >= from && seconds < from + 60 ? 3.4 : 2;
    traffic.checkouts = seconds -> seconds >= from && seconds < from + 60 ? 0.55 : 0.16;

    List<Raised> raised = rates(traffic.detect(traffic.overTwoDays(2_400)));

    assertThat(raised).isNotEmpty();
    assertThat(raised.get(0).is("gateway", Channel.SURGE)).isTrue();
    assertThat(raised.get(0).seconds()).isBetween(from, from + 45);
  }

  @Test
  void silenceOfACaller_isNotItsCallees() {
    Traffic traffic = new Traffic(33);
    double from = DAY + 1_800;
    traffic.rate = seconds -> 1.4;
    traffic.dead.put("shop", Traffic.between(from, from + 60, 1, 0));

    List<Raised> raised = rates(traffic.detect(traffic.overTwoDays(2_400)));

    assertThat(raised).isNotEmpty().allMatch(one -> one.is("shop", Channel.SILENCE));
  }

  private static List<Raised> rates(Outcome outcome) {
    return outcome.raised.stream()
        .filter(one -> one.channel() == Channel.SURGE || one.channel() == Channel.SILENCE)
        .toList();
  }

  /** Of a Poisson count, the log-likelihood under its own mean less that under the expected. */
  private static double ratio(long count, double expected) {
    return (count == 0 ? 0 : logPoisson(count, (double) count)) - logPoisson(count, expected);
  }

  private static double logPoisson(long count, double mean) {
    double sum = -mean;
    for (long i = 1; i <= count; i++) {
      sum += Math.log(mean / i);
    }
    return sum;
  }
}
