package io.krystaline.sink.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A real Jaeger that keeps its traces in memory: takes OTLP and serves the query API. Used by one
 * test thread.
 */
final class JaegerPeer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(1);

  /** Every port that all-in-one listens on; each would clash with another Jaeger on the machine. */
  private static final List<String> OTHER_PORTS =
      List.of(
          "collector.grpc-server.host-port",
          "collector.http-server.host-port",
          "http-server.host-port",
          "processor.jaeger-binary.server-host-port",
          "processor.jaeger-compact.server-host-port",
          "processor.zipkin-compact.server-host-port",
          "query.grpc-server.host-port");

  private final PeerProcess process;
  private final int grpcPort;
  private final int queryPort;
  private final LoopbackHttp receiver;

  private JaegerPeer(PeerProcess process, int grpcPort, int httpPort, int queryPort) {
    this.process = process;
    this.grpcPort = grpcPort;
    this.queryPort = queryPort;
    this.receiver = new LoopbackHttp(httpPort);
  }

  /**
   * Starts Jaeger and returns when it receives and can be queried; ends the test where the binary
   * is missing.
   *
   * @param folder holds its output
   */
  static JaegerPeer start(Path folder) {
    Path binary = Peer.JAEGER.require();
    int[] ports = FreePorts.take(4 + OTHER_PORTS.size());
    List<String> options =
        IntStream.range(0, OTHER_PORTS.size())
            .mapToObj(index -> option(OTHER_PORTS.get(index), ports[4 + index]))
            .toList();
    List<String> command =
        new ArrayList<>(
            List.of(
                binary.toString(),
                option("collector.otlp.grpc.host-port", ports[0]),
                option("collector.otlp.http.host-port", ports[1]),
                option("query.http-server.host-port", ports[2]),
                option("admin.http.host-port", ports[3])));
    command.addAll(options);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    PeerProcess process =
        PeerProcess.start("jaeger", folder, Map.of("SPAN_STORAGE_TYPE", "memory"), command);
    JaegerPeer jaeger = new JaegerPeer(process, ports[0], ports[1], ports[2]);
    jaeger.awaitReady(ports[3]);
    return jaeger;
  }

  private static String option(String name, int port) {
    return "--" + name + "=127.0.0.1:" + port;
  }

  private void awaitReady(int adminPort) {
    try (LoopbackHttp admin = new LoopbackHttp(adminPort)) {
      Eventually.holds(
          () -> "Jaeger is ready:\n" + process.outputTail(),
          START_LIMIT,
          () ->
              admin.tryGet("/").filter(answer -> answer.statusCode() == 200).isPresent()
                  || !process.isAlive());
    }
    if (!process.isAlive()) {
      throw new AssertionError("Jaeger ended:\n" + process.outputTail());
    }
  }

  /** Where it takes OTLP/gRPC. */
  int grpcPort() {
    return grpcPort;
  }

  /** The address of the query API, such as {@code http://127.0.0.1:16686}. */
  URI queryAddress() {
    return URI.create("http://127.0.0.1:" + queryPort);
  }

  /** Stores the spans of export requests; they can be queried when this returns. */
  void post(List<String> jsonDocuments) {
    jsonDocuments.forEach(document -> receiver.postJson("/v1/traces", document));
  }

  @Override
  public void close() {
    receiver.close();
    process.close();
  }
}
