package io.krystaline.sink.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentKind;
import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.incident.Suspect;
import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.sink.traffic.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The test itself: it must pass a detector that knows the plan, and fail those that know nothing.
 */
class SelfTestTest {
  private static final long SECOND = 1_000_000_000L;

  /** Little traffic: the detectors here look at nothing but the time. */
  private static final SelfTestSettings SMALL = new SelfTestSettings(3, 2, 0.5, 1, 10, 0.5, 1, 1);

  @Test
  void run_aDetectorThatKnowsThePlan_passes() throws IOException {
    SelfTestResult result = run(oracles(10, false));

    assertThat(result.failures()).isEmpty();
    assertThat(result.passed()).isTrue();
    assertThat(result.judgement().scorableWindows()).isEqualTo(32);
    assertThat(result.judgement().found()).isEqualTo(32);
    assertThat(result.judgement().top1()).isEqualTo(32);
    assertThat(result.judgement().secondsToDetectMedian()).isEqualTo(10);
    assertThat(result.precision()).isEqualTo(1);
    assertThat(result.repeated()).isZero();
    assertThat(result.judgement().kinds()).hasSize(16);
    assertThat(result.falseIncidents().count()).isZero();
    assertThat(result.cleanFalseIncidents().hours()).isEqualTo(10);
    assertThat(result.spans()).isGreaterThan(100_000);
    assertThat(SelfTestReport.text(result))
        .contains("PASSED", "network_delay", "precision 100.0 %");
  }

  @Test
  void run_aDetectorThatIsLate_fails() throws IOException {
    SelfTestResult result = run(oracles(31, false));

    assertThat(result.failures()).containsExactly("detection takes too long");
    assertThat(SelfTestReport.text(result)).contains("FAILED: detection takes too long");
  }

  @Test
  void run_aDetectorThatBlamesTheWrongService_fails() throws IOException {
    assertThat(run(oracles(10, true)).failures())
        .containsExactly("too few first suspects are right");
  }

  @Test
  void run_aDetectorThatNeverOpens_fails() throws IOException {
    SelfTestResult result = run(clocks((from, until) -> List.of()));

    assertThat(result.judgement().found()).isZero();
    assertThat(result.precision()).isNull();
    assertThat(result.failures())
        .containsExactly(
            "too few faults were found",
            "too few first suspects are right",
            "detection takes too long");
  }

  @Test
  void run_aDetectorThatOpensOneIncidentForEver_fails() throws IOException {
    SelfTestResult result =
        run(clocks((from, until) -> List.of(incident("1", from, 0, "storefront"))));

    assertThat(result.judgement().found()).isZero();
    assertThat(result.falseIncidents().count()).isEqualTo(2);
    assertThat(result.failures()).contains("too few faults were found");
  }

  @Test
  void run_aDetectorThatOpensAnIncidentEachMinute_findsAll_andFails() throws IOException {
    SelfTestResult result = run(periodic(60));

    assertThat(result.judgement().found()).isEqualTo(32);
    assertThat(result.judgement().chance().found()).isGreaterThan(31);
    assertThat(result.falseIncidents().perDayLower()).isGreaterThan(1_000);
    assertThat(result.cleanFalseIncidents().perDay()).isBetween(1_400.0, 1_500.0);
    assertThat(result.failures())
        .contains(
            "false incidents are beyond the budget",
            "false incidents in the clean hours are beyond the budget",
            "too few first suspects are right");
  }

  @Test
  void run_aDetectorThatOpensAnIncidentEachHour_fails() throws IOException {
    assertThat(run(periodic(3_600)).failures())
        .contains("too few faults were found", "false incidents are beyond the budget");
  }

  @Test
  void run_theSameSeed_givesTheSameSpans_anotherGivesOthers() throws IOException {
    List<Fingerprint> detectors = new ArrayList<>();
    SelfTestSettings other = new SelfTestSettings(4, 1, 0.5, 0, 1, 0.5, 1, 1);
    SelfTestSettings once = new SelfTestSettings(3, 1, 0.5, 0, 1, 0.5, 1, 1);
    for (SelfTestSettings settings : List.of(once, once, other)) {
      Fingerprint fingerprint = new Fingerprint();
      detectors.add(fingerprint);
      new SelfTest(settings, SelfTestBounds.DEFAULT, System::nanoTime, line -> {})
          .run(() -> fingerprint);
    }

    assertThat(detectors.get(0).hash).isEqualTo(detectors.get(1).hash);
    assertThat(detectors.get(0).learned).isPositive();
    assertThat(detectors.get(0).hash).isNotEqualTo(detectors.get(2).hash);
  }

  private static SelfTestResult run(Supplier<DetectorUnderTest> detectors) throws IOException {
    return new SelfTest(SMALL, SelfTestBounds.DEFAULT, System::nanoTime, line -> {}).run(detectors);
  }

  /** Detectors that are told the plan of their round and open an incident after each start. */
  private static Supplier<DetectorUnderTest> oracles(int delaySeconds, boolean wrongService) {
    int[] round = {0};
    return () -> {
      long seed = SMALL.seed() + round[0]++;
      return new Clock(
          (from, until) -> {
            List<Incident> incidents = new ArrayList<>();
            long learned = from - from % (1_800 * SECOND);
            for (Fault fault : FaultMatrix.plan(seed, learned, SMALL.repetitions())) {
              long at = fault.startNanos() + delaySeconds * SECOND;
              incidents.add(
                  incident(
                      "o" + incidents.size(),
                      at,
                      fault.endNanos(),
                      wrongService ? "nobody" : fault.service()));
            }
            return incidents;
          });
    };
  }

  private static Supplier<DetectorUnderTest> periodic(int seconds) {
    return clocks(
        (from, until) -> {
          List<Incident> incidents = new ArrayList<>();
          for (long at = from; at < until; at += seconds * SECOND) {
            incidents.add(incident("p" + at, at, at + 30 * SECOND, "storefront"));
          }
          return incidents;
        });
  }

  private static Supplier<DetectorUnderTest> clocks(
      BiFunction<Long, Long, List<Incident>> incidents) {
    return () -> new Clock(incidents);
  }

  private static Incident incident(String id, long at, long endNanos, String service) {
    return new Incident(
        id,
        Severity.MAJOR,
        Priority.P2,
        "any",
        IncidentKind.LATENCY,
        "a title",
        at,
        at,
        at,
        at,
        endNanos,
        0,
        List.of(new Suspect(service, null, null, 1)),
        List.of(service),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** Sees only between which times it watched. */
  private static final class Clock implements DetectorUnderTest {
    private final BiFunction<Long, Long, List<Incident>> incidents;
    private long fromNanos;
    private long untilNanos;

    Clock(BiFunction<Long, Long, List<Incident>> incidents) {
      this.incidents = incidents;
    }

    @Override
    public void learn(SpanBatch batch) {
      assertThat(fromNanos).isZero();
    }

    @Override
    public void add(SpanBatch batch) {
      for (int row = 0; row < batch.spanCount(); row++) {
        fromNanos = fromNanos == 0 ? batch.startNanos(row) : fromNanos;
        untilNanos = Math.max(untilNanos, batch.startNanos(row));
      }
    }

    @Override
    public List<Incident> finish() {
      return incidents.apply(fromNanos, untilNanos);
    }
  }

  /** Hashes everything that it is shown. */
  private static final class Fingerprint implements DetectorUnderTest {
    private long hash;
    private long learned;

    @Override
    public void learn(SpanBatch batch) {
      learned += batch.spanCount();
      add(batch);
    }

    @Override
    public void add(SpanBatch batch) {
      for (int row = 0; row < batch.spanCount(); row++) {
        hash = hash * 31 + batch.spanId(row);
        hash = hash * 31 + batch.startNanos(row);
        hash = hash * 31 + batch.endNanos(row);
      }
    }

    @Override
    public List<Incident> finish() {
      return List.of();
    }
  }
}
