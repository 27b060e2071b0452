package io.krystaline.sink.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.decode.DecodeResult;
import io.krystaline.engine.decode.TraceDecoder;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.score.ScoringSettings;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.sink.detect.DetectionSetup;
import io.krystaline.sink.recalculate.CronSchedule;
import io.krystaline.sink.traffic.Fault;
import io.krystaline.sink.traffic.FaultKind;
import io.krystaline.sink.traffic.TrafficGenerator;
import io.krystaline.sink.traffic.TrafficSettings;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Simulated traffic through the whole engine: a learned hour, then a quarter with one fault. */
class EventTimeDetectorTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = 1_704_110_400L * SECOND;
  private static final long LEARNED = START + 3_600 * SECOND;
  private static final long END = LEARNED + 900 * SECOND;
  private static final Fault FAULT =
      new Fault(
          FaultKind.NETWORK_DELAY,
          "pricing",
          "",
          0.5,
          LEARNED + 300 * SECOND,
          LEARNED + 500 * SECOND);

  private final TraceDecoder decoder = new TraceDecoder();
  private final SpanBatch batch = new SpanBatch();

  @Test
  void finish_afterAFault_hasItsIncident_andNoOther() throws IOException {
    EventTimeDetector detector = detector();
    feed(detector, List.of(FAULT));

    List<Incident> incidents = detector.finish();

    assertThat(incidents).hasSize(1);
    assertThat(incidents.get(0).detectedNanos())
        .isBetween(FAULT.startNanos(), FAULT.startNanos() + 60 * SECOND);
    assertThat(incidents.get(0).suspects().get(0).service()).isEqualTo("pricing");
    assertThat(incidents.get(0).isOpen()).isFalse();
  }

  @Test
  void finish_afterNormalTraffic_hasNone() throws IOException {
    EventTimeDetector detector = detector();
    feed(detector, List.of());

    assertThat(detector.finish()).isEmpty();
  }

  @Test
  void learn_afterWatching_isRefused() throws IOException {
    EventTimeDetector detector = detector();
    TrafficGenerator traffic =
        new TrafficGenerator(new TrafficSettings(5, 12, 1), START, List.of());
    traffic.runUntil(START + 10 * SECOND, decoded(detector::add));

    assertThatThrownBy(() -> detector.learn(batch)).isInstanceOf(IllegalStateException.class);
  }

  private void feed(EventTimeDetector detector, List<Fault> faults) throws IOException {
    TrafficGenerator traffic = new TrafficGenerator(new TrafficSettings(5, 12, 1), START, faults);
    traffic.runUntil(LEARNED, decoded(detector::learn));
    traffic.runUntil(END, decoded(detector::add));
    traffic.finish(decoded(detector::add));
  }

  private TrafficGenerator.MessageVisitor decoded(Consumer<SpanBatch> consumer) {
    return (bytes, length) -> {
      assertThat(decoder.decode(bytes, 0, length, batch)).isEqualTo(DecodeResult.DECODED);
      consumer.accept(batch);
    };
  }

  private static EventTimeDetector detector() {
    return new EventTimeDetector(
        BaselineSettings.defaults(),
        DirectoryLimits.defaults(),
        ScoringSettings.defaults(),
        CronSchedule.parse("0 3 * * *", ZoneOffset.UTC),
        DetectionSetup.DEFAULTS,
        1);
  }
}
