package io.krystaline.sink.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sink is killed (SIGKILL) while a real collector sends: the collector queues, and nothing is
 * lost.
 */
class CollectorTeeRestartTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int TRACES = 1_000;

  @TempDir private Path folder;

  @Test
  void restart_afterKill_getsEverySpanThatWasSentMeanwhile() {
    Recording recording = Recording.before(Instant.now());
    SinkProcess.Ports ports = SinkProcess.Ports.free();
    try (CollectorPeer collector = CollectorPeer.tee(folder, ports.grpc(), "gzip")) {
      long first;
      try (SinkProcess sink = SinkProcess.start(folder, ports)) {
        first = Telemetrygen.send(folder, collector.grpcPort(), TRACES);
        sink.awaitReceived(first, LIMIT);
        awaitSent(collector, first);
        sink.kill();

        collector.post(recording.documents());
        assertThat(collector.acceptedSpans()).isEqualTo(first + recording.spans());
        assertThat(collector.queuedSpans()).isPositive();
        assertThat(collector.sentSpans()).isEqualTo(first);
      }
      try (SinkProcess sink = SinkProcess.start(folder, ports)) {
        sink.awaitReceived(recording.spans(), LIMIT);
        awaitSent(collector, first + recording.spans());
        assertThat(collector.lostSpans()).isZero();
        assertThat(sink.spansRejected()).isZero();
      }
    }
  }

  /**
   * The kill hits a sink under load. Batches without an answer come again, so the sinks together
   * may count more than was sent; but each slow span, known by its id, is an anomaly at the API.
   */
  @Test
  void restart_afterKillUnderLoad_hasEveryAnomaly() {
    SlowSpans spans = new SlowSpans("restart-shop", Instant.now());
    SinkProcess.Ports ports = SinkProcess.Ports.free();
    try (CollectorPeer collector = CollectorPeer.tee(folder, ports.grpc(), "none")) {
      try (SinkProcess sink = SinkProcess.start(folder, ports)) {
        collector.post(spans.normal(10));
        long taught = spans.sent();
        sink.awaitReceived(taught, LIMIT);
        sink.recalculate(LIMIT);

        collector.post(spans.mixed(20));
        Eventually.holds(() -> "load arrives", LIMIT, () -> sink.spansReceived() > taught);
        sink.kill();
      }
      collector.post(spans.mixed(20));
      try (SinkProcess sink = SinkProcess.start(folder, ports)) {
        awaitSent(collector, spans.sent());
        assertThat(collector.lostSpans()).isZero();
        assertThat(sink.anomalyIds("restart-shop")).containsAll(spans.slowIds());
      }
    }
  }

  private static void awaitSent(CollectorPeer collector, long spans) {
    Eventually.holds(
        () ->
            collector.sentSpans()
                + " of "
                + spans
                + " are acknowledged:\n"
                + collector.outputTail(),
        LIMIT,
        () -> collector.sentSpans() == spans);
  }
}
