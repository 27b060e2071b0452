package io.krystaline.engine.release;

import static io.krystaline.engine.release.Deployment.MILLI;
import static io.krystaline.engine.release.Deployment.SECOND;
import static io.krystaline.engine.release.Deployment.START;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Releases that change nothing, in traffic that makes it hard: durations with a heavy tail, a load
 * that wanders (autocorrelated over minutes) and slows everything by up to a tenth or two, seconds
 * in which all spans are slow at once, and outages of seconds in which they fail.
 */
class ReleaseCourtSimulationTest {
  private static final long MINUTE = 60 * SECOND;

  @Test
  void releasesThatChangeNothing_areConvictedWithinTheBudget() {
    int services = 12;
    int convicted = 0;
    int acquitted = 0;
    int judged = 0;
    for (int run = 0; run < 6; run++) {
      Deployment deployment = new Deployment();
      Traffic traffic = new Traffic(deployment, run, services);
      // Each service is deployed six times, in turn, an hour apart and more.
      traffic.run(8 * 60);
      deployment.finish();
      convicted += deployment.raised.size();
      for (ReleaseState state : deployment.court.states()) {
        judged += state.verdict() == Verdict.NOT_JUDGED ? 0 : 1;
        acquitted += state.verdict() == Verdict.NO_DIFFERENCE_FOUND ? 1 : 0;
      }
    }
    System.out.println(
        "of "
            + judged
            + " releases that change nothing, "
            + convicted
            + " convicted, "
            + acquitted
            + " acquitted");

    // Six streams of a third of a day: the court may convict 0.1 of each at most, 0.6 in all.
    // Three or more would have a probability of 2.3 %.
    assertThat(judged).isGreaterThan(300);
    assertThat(convicted).isLessThanOrEqualTo(2);
    assertThat(acquitted).isGreaterThan(judged / 2);
  }

  /** A span a second of each service. */
  private static final class Traffic {
    private final Deployment deployment;
    private final Random random;
    private final double[] wander;
    private final long[] slowUntil;
    private final long[] brokenUntil;

    Traffic(Deployment deployment, long seed, int services) {
      this.deployment = deployment;
      this.random = new Random(seed);
      this.wander = new double[services];
      this.slowUntil = new long[services];
      this.brokenUntil = new long[services];
    }

    void run(int minutes) {
      for (long now = START; now < START + minutes * MINUTE; now += SECOND) {
        for (int service = 0; service < wander.length; service++) {
          // AR(1) with a time of four minutes and a deviation of 7 %.
          wander[service] = 0.996 * wander[service] + 0.0063 * random.nextGaussian();
          if (random.nextInt(300) == 0) {
            slowUntil[service] = now + (1 + random.nextInt(5)) * SECOND;
          }
          if (random.nextInt(3_000) == 0) {
            brokenUntil[service] = now + (1 + random.nextInt(4)) * SECOND;
          }
          span(service, now);
        }
      }
    }

    private void span(int service, long now) {
      double millis = 10 * Math.exp(0.5 * random.nextGaussian() + wander[service]);
      if (random.nextInt(100) == 0) {
        millis *= 5 / Math.sqrt(random.nextDouble() + 1e-6);
      }
      boolean slow = now < slowUntil[service];
      boolean broken = now < brokenUntil[service];
      long hours = (now - START + service * 5L * MINUTE) / (75 * MINUTE);
      deployment.span(
          "service-" + service,
          "1." + hours,
          "GET /" + random.nextInt(3),
          now + service * MILLI,
          (long) (Math.min(millis, 30_000) * (slow ? 4 : 1) * MILLI),
          random.nextInt(300) == 0 || (broken && random.nextBoolean()));
    }
  }
}
