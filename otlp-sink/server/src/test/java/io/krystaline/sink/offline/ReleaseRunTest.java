package io.krystaline.sink.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.decode.DecodeResult;
import io.krystaline.engine.decode.TraceDecoder;
import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.release.ReleaseState;
import io.krystaline.engine.release.Verdict;
import io.krystaline.engine.score.RecentSpans;
import io.krystaline.engine.score.Scorer;
import io.krystaline.engine.score.ScoringSettings;
import io.krystaline.engine.score.TimeRange;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.sink.detect.DetectionSetup;
import io.krystaline.sink.traffic.Fault;
import io.krystaline.sink.traffic.FaultKind;
import io.krystaline.sink.traffic.TrafficGenerator;
import io.krystaline.sink.traffic.TrafficSettings;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Releases in simulated traffic, from OTLP bytes to incidents. */
class ReleaseRunTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = 1_704_110_400L * SECOND;

  private final Scorer scorer =
      new Scorer(
          new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 1),
          new RecentSpans(1 << 16, 1),
          ScoringSettings.defaults().inEventTime());
  private final IncidentRun run = new IncidentRun(DetectionSetup.DEFAULTS, scorer, 1);

  private List<Incident> simulate(
      long seed, double tracesPerSecond, long seconds, List<Fault> faults) throws IOException {
    TraceDecoder decoder = new TraceDecoder();
    SpanBatch batch = new SpanBatch();
    TrafficGenerator traffic =
        new TrafficGenerator(new TrafficSettings(seed, tracesPerSecond, 1), START, faults);
    TrafficGenerator.MessageVisitor visitor =
        (bytes, length) -> {
          assertThat(decoder.decode(bytes, 0, length, batch)).isEqualTo(DecodeResult.DECODED);
          scorer.learn(batch, 0, TimeRange.ALL);
          run.add(batch);
        };
    traffic.runUntil(START + seconds * SECOND, visitor);
    traffic.finish(visitor);
    return run.finish();
  }

  @ParameterizedTest
  @CsvSource({"RELEASE_SLOW, SLOWER, 0", "RELEASE_FAILING, MORE_FAILING, 0.5"})
  void badRelease_isConvicted_asOneIncident_blamedOnItsService(
      FaultKind kind, Verdict verdict, double strength) throws IOException {
    long deployed = START + 2_400 * SECOND;
    Fault fault = new Fault(kind, "inventory", "", strength, deployed, deployed + 240 * SECOND);

    List<Incident> incidents = simulate(5, 12, 3_000, List.of(fault));

    ReleaseState release =
        run.releases().stream()
            .filter(state -> state.version().equals("faulty-1"))
            .findFirst()
            .orElseThrow();
    assertThat(release.verdict()).isEqualTo(verdict);
    assertThat(release.service()).isEqualTo("inventory");
    assertThat(release.sinceNanos()).isLessThan(deployed + 150 * SECOND);
    assertThat(incidents).hasSize(1);
    Incident incident = incidents.get(0);
    assertThat(incident.suspects().get(0).service()).isEqualTo("inventory");
    assertThat(incident.isOpen()).isFalse();
    assertThat(incident.evidence())
        .filteredOn(evidence -> evidence.channel() == Channel.RELEASE)
        .singleElement()
        .satisfies(
            evidence -> {
              assertThat(evidence.service()).isEqualTo("inventory");
              assertThat(evidence.text()).startsWith("version faulty-1 of inventory");
            });
  }

  @Test
  void releasesThatChangeNothing_overFourDays_raiseNothing() throws IOException {
    List<Incident> incidents = simulate(7, 0.4, 4 * 86_400, List.of());

    List<Verdict> verdicts = run.releases().stream().map(ReleaseState::verdict).toList();
    assertThat(verdicts).hasSizeBetween(30, 40);
    assertThat(verdicts).doesNotContain(Verdict.SLOWER, Verdict.MORE_FAILING);
    assertThat(verdicts.stream().filter(Verdict.NOT_JUDGED::equals)).hasSize(12);
    assertThat(incidents)
        .allSatisfy(
            incident ->
                assertThat(incident.evidence())
                    .noneMatch(evidence -> evidence.channel() == Channel.RELEASE));
  }
}
