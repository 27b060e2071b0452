package io.krystaline.sink.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.krystaline.engine.decode.JsonTranscoder;
import io.krystaline.engine.decode.Signal;
import io.krystaline.engine.decode.TranscodeResult;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The open recording gives the same anomalies and incidents through live gRPC as through {@code
 * score}.
 */
class LiveReplayTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The replay is some hundred times as fast as it happened; on a fast machine that is more than
   * the recent spans of 10 s have room for, and whole traces would be left out of them.
   */
  private static final String KEEP_ALL_TRACES = "pipeline.recent-spans-reach=0s";

  @TempDir private Path folder;

  @Test
  void recording_throughGrpc_givesTheAnomaliesAndIncidentsOfScore() throws Exception {
    Recording recording = Recording.before(Instant.now().minus(Duration.ofDays(1)));
    Path file = Files.write(folder.resolve("recording.jsonl"), recording.documents());
    Path out = folder.resolve("scored");
    SinkProcess.command(folder, LIMIT, "score", "--out", out.toString(), file.toString());
    Map<String, String> scored = new TreeMap<>();
    for (String line : Files.readAllLines(out.resolve("anomalies.ndjson"))) {
      add(scored, JSON.readTree(line));
    }

    try (SinkProcess sink =
        SinkProcess.start(folder, SinkProcess.Ports.free(), "--set", KEEP_ALL_TRACES)) {
      send(sink, recording.documents());
      sink.awaitReceived(recording.spans(), LIMIT);

      assertThat(scored).hasSizeGreaterThan(1_000);
      assertThat(anomaliesOf(sink)).isEqualTo(scored);

      Map<String, String> incidents = new TreeMap<>();
      JSON.readTree(out.resolve("incidents.json").toFile())
          .forEach(incident -> addIncident(incidents, incident));
      assertThat(incidents).hasSizeGreaterThan(10);
      // Detection runs beside the receivers, and the clock closes the last ticks.
      Eventually.holds(
          () -> "incidents " + incidentsOf(sink).keySet() + " instead of " + incidents.keySet(),
          LIMIT,
          () -> incidentsOf(sink).keySet().equals(incidents.keySet()));
      assertThat(incidentsOf(sink)).isEqualTo(incidents);
      assertSamplesAreKept(sink);
    }
  }

  private static void send(SinkProcess sink, List<String> documents) throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", sink.ports().grpc()).usePlaintext().build();
    try {
      TraceServiceGrpc.TraceServiceBlockingStub stub = TraceServiceGrpc.newBlockingStub(channel);
      JsonTranscoder transcoder = new JsonTranscoder(Signal.TRACES, 64 << 20);
      for (String document : documents) {
        ExportTraceServiceResponse response =
            stub.withDeadlineAfter(60, TimeUnit.SECONDS).export(request(transcoder, document));
        assertThat(response.hasPartialSuccess()).isFalse();
      }
    } finally {
      channel.shutdownNow();
    }
  }

  private static ExportTraceServiceRequest request(JsonTranscoder transcoder, String document)
      throws IOException {
    byte[] json = document.getBytes(StandardCharsets.UTF_8);
    TranscodeResult result = transcoder.transcode(json, 0, json.length);
    assertThat(result).isInstanceOf(TranscodeResult.Transcoded.class);
    TranscodeResult.Transcoded transcoded = (TranscodeResult.Transcoded) result;
    return ExportTraceServiceRequest.parser().parseFrom(transcoded.bytes(), 0, transcoded.length());
  }

  private static Map<String, String> incidentsOf(SinkProcess sink) {
    Map<String, String> found = new TreeMap<>();
    sink.get("/api/monitor/incidents?state=all&limit=100")
        .get("items")
        .forEach(incident -> addIncident(found, incident));
    return found;
  }

  /** What is decided when an incident opens; the rest grows while it is open. */
  private static void addIncident(Map<String, String> incidents, JsonNode incident) {
    incidents.put(
        incident.get("id").asText(),
        "%s from %s, found %s"
            .formatted(
                incident.get("kind").asText(),
                incident.get("start").asText(),
                incident.get("detectedAt").asText()));
  }

  /** The sample traces of each incident can be opened. */
  private static void assertSamplesAreKept(SinkProcess sink) {
    for (JsonNode incident : sink.get("/api/monitor/incidents?state=all&limit=100").get("items")) {
      assertThat(incident.get("sampleTraceIds")).isNotEmpty();
      for (JsonNode id : incident.get("sampleTraceIds")) {
        assertThat(sink.get("/api/monitor/traces/" + id.asText()).get("spans")).isNotEmpty();
      }
    }
  }

  private static Map<String, String> anomaliesOf(SinkProcess sink) {
    Map<String, String> found = new TreeMap<>();
    String cursor = "";
    while (true) {
      JsonNode page = sink.get("/api/monitor/anomalies?limit=500" + cursor);
      page.get("items").forEach(anomaly -> add(found, anomaly));
      if (!page.hasNonNull("nextCursor")) {
        return found;
      }
      cursor = "&cursor=" + page.get("nextCursor").asText();
    }
  }

  /**
   * What must be the same: all but the time of detection, which is of arrival in one and of the
   * event in the other.
   */
  private static void add(Map<String, String> anomalies, JsonNode anomaly) {
    anomalies.put(
        anomaly.get("id").asText(),
        "%s severity %d, %s to %s, z %s: %s"
            .formatted(
                anomaly.get("operation").asText(),
                anomaly.get("severity").asInt(),
                anomaly.get("startTime").asText(),
                anomaly.get("endTime").asText(),
                anomaly.get("deviation").asText(),
                anomaly.get("explanation").asText()));
  }
}
