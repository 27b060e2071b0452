package io.krystaline.sink.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A real OpenTelemetry Collector that runs {@code collector-config/tee.yaml}, as a user would. Used
 * by one test thread.
 */
final class CollectorPeer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(1);
  private static final String SINK_EXPORTER = "exporter=\"otlp_grpc/krystaline\"";

  private final PeerProcess process;
  private final int grpcPort;
  private final LoopbackHttp receiver;
  private final LoopbackHttp metrics;

  private CollectorPeer(PeerProcess process, int grpcPort, int httpPort, int metricsPort) {
    this.process = process;
    this.grpcPort = grpcPort;
    this.receiver = new LoopbackHttp(httpPort);
    this.metrics = new LoopbackHttp(metricsPort);
  }

  /**
   * Starts the tee and returns when it receives.
   *
   * @param folder holds its queue and its output
   * @param sinkGrpcPort where the sink is, or will be
   * @param compression {@code none}, {@code gzip} or {@code zstd}, towards the sink
   */
  static CollectorPeer tee(Path folder, int sinkGrpcPort, String compression) {
    Path binary = Peer.COLLECTOR.require();
    int[] ports = FreePorts.take(4);
    Map<String, String> environment =
        Map.of(
            "TEE_GRPC_ENDPOINT",
            "127.0.0.1:" + ports[0],
            "TEE_HTTP_ENDPOINT",
            "127.0.0.1:" + ports[1],
            "TEE_METRICS_PORT",
            Integer.toString(ports[2]),
            "TEE_HEALTH_ENDPOINT",
            "127.0.0.1:" + ports[3],
            "TEE_SINK_ENDPOINT",
            "127.0.0.1:" + sinkGrpcPort,
            "TEE_SINK_COMPRESSION",
            compression,
            "TEE_BACKEND",
            "nop",
            "TEE_QUEUE_DIRECTORY",
            folder.resolve("queue").toString());
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    PeerProcess process =
        PeerProcess.start(
            "collector",
            folder,
            environment,
            List.of(
                binary.toString(),
                "--config",
                Repository.resolve("collector-config/tee.yaml").toString()));
    CollectorPeer collector = new CollectorPeer(process, ports[0], ports[1], ports[2]);
    collector.awaitReady(ports[3]);
    return collector;
  }

  private void awaitReady(int healthPort) {
    try (LoopbackHttp health = new LoopbackHttp(healthPort)) {
      Eventually.holds(
          () -> "the collector receives:\n" + process.outputTail(),
          START_LIMIT,
          () ->
              health.tryGet("/").filter(answer -> answer.statusCode() == 200).isPresent()
                  || !process.isAlive());
    }
    if (!process.isAlive()) {
      throw new AssertionError("the collector ended:\n" + process.outputTail());
    }
  }

  /** Where it takes OTLP/gRPC. */
  int grpcPort() {
    return grpcPort;
  }

  /** Sends export requests to its OTLP/HTTP receiver, one after the other. */
  void post(List<String> jsonDocuments) {
    jsonDocuments.forEach(document -> receiver.postJson("/v1/traces", document));
  }

  /** Spans taken in from clients. */
  long acceptedSpans() {
    return read().sum("otelcol_receiver_accepted_spans");
  }

  /** Spans that the sink has acknowledged. */
  long sentSpans() {
    return read().sum("otelcol_exporter_sent_spans", SINK_EXPORTER);
  }

  /** Spans that were given up on or found the queue full. */
  long lostSpans() {
    Metrics now = read();
    return now.sum("otelcol_exporter_send_failed_spans", SINK_EXPORTER)
        + now.sum("otelcol_exporter_enqueue_failed_spans", SINK_EXPORTER);
  }

  /** Spans that wait for the sink. */
  long queuedSpans() {
    return read().sum("otelcol_exporter_queue_size", SINK_EXPORTER, "data_type=\"traces\"");
  }

  String outputTail() {
    return process.outputTail();
  }

  @Override
  public void close() {
    receiver.close();
    metrics.close();
    process.close();
  }

  private Metrics read() {
    return new Metrics(metrics.get("/metrics"));
  }
}
