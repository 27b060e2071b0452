package io.krystaline.engine.release;

import static io.krystaline.engine.release.Deployment.MILLI;
import static io.krystaline.engine.release.Deployment.SECOND;
import static io.krystaline.engine.release.Deployment.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.detect.StreamAlarm;
import io.krystaline.engine.span.SpanKind;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReleaseCourtTest {
  private static final long MINUTE = 60 * SECOND;
  private static final String GET = "GET /stock";
  private static final String PUT = "PUT /stock";

  private final Deployment deployment = new Deployment();
  private final Random random = new Random(5);
  private long now = START;

  /** What a version does with its spans. */
  private interface Behaviour {
    long nanos(String operation);
  }

  private long usual() {
    return (long) (12 * MILLI * Math.exp(0.4 * random.nextGaussian()));
  }

  /** Four spans a second of a version, half of them of each operation. */
  private void run(String version, long nanos, double failing, Behaviour behaviour) {
    for (long until = now + nanos; now < until; now += SECOND / 4) {
      String operation = random.nextBoolean() ? GET : PUT;
      boolean failed = random.nextDouble() < failing;
      deployment.span("inventory", version, operation, now, behaviour.nanos(operation), failed);
    }
  }

  private void usual(String version, long nanos) {
    run(version, nanos, 0.003, operation -> usual());
  }

  private void slow(String version, long nanos, double times) {
    run(version, nanos, 0.003, operation -> (long) (times * usual()));
  }

  @Test
  void slowerVersion_isConvictedWithinTwoMinutes_withItsNumbers() {
    usual("1.4.0", 30 * MINUTE);
    long deployed = now;
    run("1.5.0", 5 * MINUTE, 0.003, operation -> operation.equals(GET) ? 31 * MILLI : usual());
    deployment.finish();

    ReleaseState state = deployment.state("1.5.0");
    assertThat(state.verdict()).isEqualTo(Verdict.SLOWER);
    assertThat(state.service()).isEqualTo("inventory");
    assertThat(state.previousVersion()).isEqualTo("1.4.0");
    assertThat(state.sinceNanos() - deployed).isBetween(60 * SECOND, 120 * SECOND);
    ReleaseState.Reason reason = state.reasons().get(0);
    assertThat(reason.operation()).isEqualTo(GET);
    assertThat(reason.kind()).isEqualTo(SpanKind.SERVER);
    assertThat(reason.p50Nanos()).isBetween(30 * MILLI, 32 * MILLI);
    assertThat(reason.previousP50Nanos()).isBetween(11 * MILLI, 13 * MILLI);
    assertThat(reason.pValue()).isLessThan(1e-3);
    assertThat(reason.text())
        .matches(
            "version 1\\.5\\.0 of inventory is slower than 1\\.4\\.0: p50 12 -> 3[01] ms on"
                + " GET /stock \\(\\d+ against [23],\\d+ spans\\)");
    assertThat(state.reasons().get(1).pValue()).isEqualTo(1);
  }

  @Test
  void slowerVersion_raisesOneAlarm_thatIsEvidence_andEndsAfterARollback() {
    usual("1.4.0", 30 * MINUTE);
    slow("1.5.0", 4 * MINUTE, 3);
    long rolledBack = now;
    usual("1.4.0", 5 * MINUTE);
    deployment.finish();

    assertThat(deployment.raised).hasSize(1);
    StreamAlarm alarm = deployment.raised.get(0);
    assertThat(alarm.channel()).isEqualTo(Channel.RELEASE);
    assertThat(alarm.service()).isEqualTo(deployment.service("inventory"));
    assertThat(alarm.nats()).isGreaterThan(alarm.threshold());
    assertThat(alarm.text()).startsWith("version 1.5.0 of inventory is slower than 1.4.0: p");
    assertThat(alarm.exceeding()).isGreaterThan(alarm.spans() / 2);
    assertThat(alarm.unusualTraces()).isNotEmpty();
    assertThat(alarm.normalTraces())
        .isNotEmpty()
        .doesNotContainAnyElementsOf(alarm.unusualTraces());
    assertThat(deployment.evidence).hasSize(1);
    assertThat(deployment.evidence.get(0).streams().get(0).nats()).isGreaterThan(50);
    long last = deployment.alarmedTicks.stream().reduce((one, other) -> other).orElseThrow();
    long end = last * Deployment.TICK.toNanos();
    assertThat(end).isBetween(rolledBack, rolledBack + 70 * SECOND);
    assertThat(deployment.state("1.5.0").verdict()).isEqualTo(Verdict.SLOWER);
    assertThat(deployment.state("1.4.0").verdict()).isEqualTo(Verdict.NOT_JUDGED);
  }

  @Test
  void alarm_thatLastsTenMinutes_isAccepted_andTheVersionIsEstablished() {
    usual("1.4.0", 30 * MINUTE);
    slow("1.5.0", 60 * MINUTE, 3);
    slow("1.6.0", 60 * MINUTE, 3);
    deployment.finish();

    assertThat(deployment.alarmedTicks).hasSizeBetween(115, 125);
    assertThat(deployment.raised).hasSize(1);
    assertThat(deployment.state("1.6.0").previousVersion()).isEqualTo("1.5.0");
    assertThat(deployment.state("1.6.0").verdict()).isEqualTo(Verdict.NO_DIFFERENCE_FOUND);
  }

  @Test
  void failingVersion_isConvicted() {
    usual("1.4.0", 30 * MINUTE);
    run("1.5.0", 5 * MINUTE, 0.2, operation -> usual());
    deployment.finish();

    ReleaseState state = deployment.state("1.5.0");
    assertThat(state.verdict()).isEqualTo(Verdict.MORE_FAILING);
    assertThat(state.reasons().get(0).errorShare()).isBetween(0.1, 0.35);
    assertThat(state.reasons().get(0).previousErrorShare()).isLessThan(0.01);
    assertThat(state.reasons().get(0).text())
        .matches(
            "version 1\\.5\\.0 of inventory fails more than 1\\.4\\.0: 0\\.\\d -> .*% failed.*");
  }

  @Test
  void versionThatIsSlowInItsTailOnly_isConvicted() {
    usual("1.4.0", 30 * MINUTE);
    run("1.5.0", 10 * MINUTE, 0.003, operation -> random.nextInt(4) == 0 ? 200 * MILLI : usual());
    deployment.finish();

    assertThat(deployment.state("1.5.0").verdict()).isEqualTo(Verdict.SLOWER);
    assertThat(deployment.state("1.5.0").reasons().get(0).text()).contains("p95 2");
  }

  @Test
  void versionThatIsTheSame_isAcquittedWithinFortyMinutes_andRaisesNothing() {
    usual("1.4.0", 30 * MINUTE);
    long deployed = now;
    usual("1.5.0", 60 * MINUTE);
    deployment.finish();

    ReleaseState state = deployment.state("1.5.0");
    assertThat(state.verdict()).isEqualTo(Verdict.NO_DIFFERENCE_FOUND);
    assertThat(state.sinceNanos() - deployed).isLessThan(40 * MINUTE);
    assertThat(state.reasons().get(0).text()).contains("shows no difference from 1.4.0");
    assertThat(deployment.raised).isEmpty();
  }

  @Test
  void versionThatIsSlowerByLessThanTheMargin_isNotConvicted() {
    usual("1.4.0", 30 * MINUTE);
    slow("1.5.0", 60 * MINUTE, 1.1);
    deployment.finish();

    assertThat(deployment.state("1.5.0").verdict()).isEqualTo(Verdict.NO_DIFFERENCE_FOUND);
  }

  @Test
  void versionOfWhichLittleWasSeen_isUndecided() {
    usual("1.4.0", 30 * MINUTE);
    slow("1.5.0", 10 * SECOND, 3);
    usual("1.4.0", 2 * MINUTE);
    deployment.finish();

    ReleaseState state = deployment.state("1.5.0");
    assertThat(state.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(state.spans()).isEqualTo(40);
  }

  @Test
  void oldVersionOfWhichLittleWasSeen_convictsNobody() {
    usual("1.4.0", 5 * MINUTE);
    slow("1.5.0", 20 * MINUTE, 5);
    deployment.finish();

    assertThat(deployment.raised).isEmpty();
    assertThat(deployment.state("1.5.0").verdict()).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void canary_whatSlowsBothVersions_isNoDifference() {
    usual("1.4.0", 30 * MINUTE);
    long deployed = now;
    for (long until = now + 20 * MINUTE; now < until; now += SECOND / 8) {
      double times = now - deployed < 3 * MINUTE ? 1 : 3;
      String version = random.nextInt(4) == 0 ? "1.5.0" : "1.4.0";
      deployment.span("inventory", version, GET, now, (long) (times * usual()), false);
    }
    deployment.finish();

    assertThat(deployment.raised).isEmpty();
    assertThat(deployment.state("1.5.0").verdict()).isNotEqualTo(Verdict.SLOWER);
  }

  @Test
  void canary_thatAloneIsSlow_isConvicted() {
    usual("1.4.0", 30 * MINUTE);
    for (long until = now + 10 * MINUTE; now < until; now += SECOND / 8) {
      boolean canary = random.nextInt(8) == 0;
      long nanos = canary ? 3 * usual() : usual();
      deployment.span("inventory", canary ? "1.5.0" : "1.4.0", GET, now, nanos, false);
    }
    deployment.finish();

    assertThat(deployment.state("1.5.0").verdict()).isEqualTo(Verdict.SLOWER);
  }

  @Test
  void whatTheDetectorHasInAlarm_doesNotTeachTheOldVersion() {
    usual("1.4.0", 30 * MINUTE);
    deployment.detected = List.of(alarmOf("inventory"));
    slow("1.4.0", 30 * MINUTE, 3);
    deployment.detected = List.of();
    usual("1.4.0", 3 * MINUTE);
    slow("1.5.0", 5 * MINUTE, 3);
    deployment.finish();

    assertThat(deployment.state("1.5.0").verdict()).isEqualTo(Verdict.SLOWER);
  }

  private StreamAlarm alarmOf(String service) {
    return new StreamAlarm(
        deployment.service(service),
        Channel.SELF_TIME,
        0,
        0,
        10,
        List.of(5L, 5L, 5L),
        0.1,
        12,
        11,
        List.of(),
        List.of(),
        List.of());
  }

  @Test
  void rollback_isNotTried_butABadVersionThatComesBackIs() {
    usual("1.4.0", 30 * MINUTE);
    slow("1.5.0", 5 * MINUTE, 3);
    usual("1.4.0", 30 * MINUTE);
    slow("1.5.0", 5 * MINUTE, 3);
    deployment.finish();

    assertThat(deployment.raised).hasSize(2);
    assertThat(deployment.court.states()).hasSize(2);
    assertThat(deployment.state("1.4.0").verdict()).isEqualTo(Verdict.NOT_JUDGED);
  }

  @Test
  void floodOfVersions_raisesNothing_andIsBounded() {
    usual("1.4.0", 30 * MINUTE);
    int pod = 0;
    for (long until = now + 60 * MINUTE; now < until; now += SECOND / 4) {
      deployment.span("inventory", "build-" + pod++, GET, now, usual(), false);
    }
    deployment.finish();

    assertThat(deployment.raised).isEmpty();
    assertThat(deployment.court.states()).hasSizeLessThanOrEqualTo(ReleaseDirectory.VERSIONS_MAX);
    assertThat(deployment.releases.size()).isEqualTo(ReleaseDirectory.VERSIONS_MAX);
  }

  @Test
  void callsToOtherServices_areNotTheVersionsOwn() {
    for (long until = now + 30 * MINUTE; now < until; now += SECOND / 4) {
      deployment.call("shop", "stock", "1", now, 10 * MILLI);
    }
    for (long until = now + 10 * MINUTE; now < until; now += SECOND / 4) {
      deployment.call("shop", "stock", "2", now, 500 * MILLI);
    }
    deployment.finish();

    assertThat(deployment.raised).isEmpty();
  }

  @Test
  void callsToWhatNobodyTraces_areTheVersionsOwn() {
    for (long until = now + 30 * MINUTE; now < until; now += SECOND / 4) {
      deployment.span("shop", "1", "SELECT", SpanKind.CLIENT, now, usual(), false);
    }
    for (long until = now + 5 * MINUTE; now < until; now += SECOND / 4) {
      deployment.span("shop", "2", "SELECT", SpanKind.CLIENT, now, 5 * usual(), false);
    }
    deployment.finish();

    assertThat(deployment.state("2").verdict()).isEqualTo(Verdict.SLOWER);
  }

  @Test
  void training_triesNobody_andTheLastVersionIsComparedWith() {
    deployment.court.beginTraining();
    usual("1.4.0", 30 * MINUTE);
    slow("1.5.0", 60 * MINUTE, 3);
    deployment.finish();
    deployment.restart();
    slow("1.5.0", 5 * MINUTE, 3);
    slow("1.6.0", 60 * MINUTE, 3);
    deployment.finish();

    assertThat(deployment.raised).isEmpty();
    assertThat(deployment.state("1.5.0").verdict()).isEqualTo(Verdict.NOT_JUDGED);
    assertThat(deployment.state("1.6.0").previousVersion()).isEqualTo("1.5.0");
    assertThat(deployment.state("1.6.0").verdict()).isEqualTo(Verdict.NO_DIFFERENCE_FOUND);
  }

  @Test
  void nothingSeen_noStates() {
    deployment.finish();
    assertThat(deployment.court.states()).isEmpty();
  }

  @Test
  void spansWithoutAVersion_areNotLookedAt() {
    deployment.call("a", "b", "1", now, MILLI);
    deployment.finish();
    assertThat(deployment.court.states()).isEmpty();
  }
}
