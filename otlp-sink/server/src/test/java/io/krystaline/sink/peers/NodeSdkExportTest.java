package io.krystaline.sink.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real exporters of OpenTelemetry's Node SDK send to the sink. */
class NodeSdkExportTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Duration INSTALL_LIMIT = Duration.ofMinutes(5);
  private static final int NORMAL_SPANS = 2_000;

  @TempDir private static Path folder;
  private static Path scripts;
  private static SinkProcess sink;

  @BeforeAll
  static void startSink() throws IOException {
    Peer.NODE.require();
    scripts = installed();
    sink = SinkProcess.start(folder, SinkProcess.Ports.free());
  }

  @AfterAll
  static void stopSink() {
    if (sink != null) {
      sink.close();
    }
  }

  /** The script with its packages, in the build folder; packages of the same lock file stay. */
  private static Path installed() throws IOException {
    Path source = Repository.resolve("otlp-sink/server/src/test/node");
    Path target = Repository.resolve("otlp-sink/server/target/node");
    Path lock = target.resolve("package-lock.json");
    Files.createDirectories(target);
    boolean current =
        Files.exists(lock)
            && Files.isDirectory(target.resolve("node_modules"))
            && Files.mismatch(lock, source.resolve("package-lock.json")) == -1;
    for (String file : List.of("package.json", "send.mjs")) {
      Files.copy(source.resolve(file), target.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!current) {
      Files.copy(source.resolve("package-lock.json"), lock, StandardCopyOption.REPLACE_EXISTING);
      PeerProcess.run(
          "npm",
          target,
          Map.of(),
          INSTALL_LIMIT,
          List.of(
              Peer.NPM.require().toString(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
    }
    return target;
  }

  @ParameterizedTest
  @CsvSource({"grpc", "http/protobuf", "http/json"})
  void export_eachProtocol_arrivesAndTheSlowSpanIsAnAnomaly(String protocol) throws IOException {
    long before = sink.spansReceived();
    int port = protocol.equals("grpc") ? sink.ports().grpc() : sink.ports().http();
    String service = "node-" + protocol.replace('/', '-');

    JsonNode sent =
        new ObjectMapper()
            .readTree(
                PeerProcess.run(
                    service,
                    folder,
                    Map.of(),
                    LIMIT,
                    List.of(
                        Peer.NODE.require().toString(),
                        scripts.resolve("send.mjs").toString(),
                        protocol,
                        "http://127.0.0.1:" + port,
                        service,
                        Integer.toString(NORMAL_SPANS))));

    sink.awaitReceived(before + sent.get("sent").asLong(), LIMIT);
    String traceId = sent.get("traceId").asText();
    String spanId = sent.get("spanId").asText();
    JsonNode anomaly = sink.awaitAnomaly(traceId, spanId, LIMIT);
    assertThat(anomaly.get("service").asText()).isEqualTo(service);
    assertThat(anomaly.get("durationMillis").asDouble()).isEqualTo(5_000.0);
    JsonNode span = sink.get("/api/monitor/traces/" + traceId).get("spans").get(0);
    assertThat(span.get("attributes").toString()).contains("order.weights", "order.open");
  }
}
