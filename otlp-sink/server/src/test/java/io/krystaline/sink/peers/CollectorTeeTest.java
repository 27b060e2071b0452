package io.krystaline.sink.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real collector tees to the sink: what it takes in arrives complete, under each compression. */
class CollectorTeeTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int TRACES = 1_000;

  @TempDir private static Path sinkFolder;
  private static SinkProcess sink;

  @TempDir private Path folder;

  @BeforeAll
  static void startSink() {
    Peer.COLLECTOR.require();
    sink = SinkProcess.start(sinkFolder, SinkProcess.Ports.free());
  }

  @AfterAll
  static void stopSink() {
    if (sink != null) {
      sink.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "zstd"})
  void tee_telemetrygenTraces_arriveComplete(String compression) {
    long before = sink.spansReceived();
    try (CollectorPeer collector = CollectorPeer.tee(folder, sink.ports().grpc(), compression)) {
      long sent = Telemetrygen.send(folder, collector.grpcPort(), TRACES);

      sink.awaitReceived(before + sent, LIMIT);

      assertComplete(collector, sent);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "zstd"})
  void tee_openRecording_arrivesComplete(String compression) {
    Recording recording = Recording.before(Instant.now());
    long before = sink.spansReceived();
    try (CollectorPeer collector = CollectorPeer.tee(folder, sink.ports().grpc(), compression)) {
      collector.post(recording.documents());

      sink.awaitReceived(before + recording.spans(), LIMIT);

      assertComplete(collector, recording.spans());
    }
  }

  private static void assertComplete(CollectorPeer collector, long spans) {
    assertThat(collector.acceptedSpans()).isEqualTo(spans);
    Eventually.holds(
        () -> "every span is acknowledged:\n" + collector.outputTail(),
        LIMIT,
        () -> collector.sentSpans() == spans);
    assertThat(collector.lostSpans()).isZero();
    assertThat(sink.spansRejected()).isZero();
  }
}
