package io.krystaline.sink.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bad and odd spans sent to the whole sink: a clear answer, a counter with the reason, and the rest
 * is kept.
 */
class LiveBadInputTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final long MILLI = 1_000_000;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private static Path folder;
  private static SinkProcess sink;
  private static long nextId = 1;

  @BeforeAll
  static void startSink() {
    sink = SinkProcess.start(folder, SinkProcess.Ports.free());
  }

  @AfterAll
  static void stopSink() {
    if (sink != null) {
      sink.close();
    }
  }

  @Test
  void line08_spansWithBadIdsOrTimes_areCountedByReason_andTheRestIsKept() throws Exception {
    long received = sink.spansReceived();
    long now = now();
    JsonNode answer =
        post(
            "bad",
            span("00000000000000000000000000000000", id(16), "GET /", now - MILLI, now),
            span(id(32), "00000000", "GET /", now - MILLI, now),
            span(id(32), id(16), "GET /", now, now - MILLI),
            span(id(32), id(16), "GET /", 0, now),
            span(id(32), id(16), "GET /", now - MILLI, now));

    assertThat(answer.path("partialSuccess").path("rejectedSpans").asText()).isEqualTo("4");
    assertThat(answer.path("partialSuccess").path("errorMessage").asText())
        .contains("invalid_trace_id", "invalid_span_id", "end_before_start", "missing_time");
    assertThat(sink.spansReceived()).isEqualTo(received + 5);
    assertThat(sink.spansRejected()).isEqualTo(4);
  }

  @Test
  void line10_theSameAnomalousSpanTwice_givesOneAnomaly() throws Exception {
    teach("twice", "GET /orders");
    long now = now();
    String trace = id(32);
    String slow = span(trace, id(16), "GET /orders", now - 9_000 * MILLI, now);
    post("twice", slow);
    post("twice", slow);

    assertThat(sink.anomalyIds("twice").stream().filter(found -> found.startsWith(trace)))
        .hasSize(1);
  }

  @Test
  void nameWithNul_isStoredWithoutIt() throws Exception {
    teach("nul", "GET /a\\u0000b");
    long now = now();
    String trace = id(32);
    String spanId = id(16);
    post("nul", span(trace, spanId, "GET /a\\u0000b", now - 9_000 * MILLI, now));

    JsonNode anomaly = sink.awaitAnomaly(trace, spanId, LIMIT);
    assertThat(anomaly.path("operation").asText()).isEqualTo("GET /a\uFFFDb");
  }

  @Test
  void timesOfYearsAgoAndOfTheFuture_areAccepted() throws Exception {
    JsonNode answer =
        post(
            "times",
            span(id(32), id(16), "GET /", 100, 1_100),
            span(
                id(32),
                id(16),
                "GET /",
                now() + 900_000_000_000_000L,
                now() + 900_000_001_000_000L));

    assertThat(answer.isEmpty()).as("full success leaves everything out: %s", answer).isTrue();
  }

  @Test
  void emptyNameAndNoService_areAccepted() throws Exception {
    long now = now();
    String body =
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[%s]}]}]}"
            .formatted(span(id(32), id(16), "", now - MILLI, now));

    HttpResponse<String> answer = send(body);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(answer.body()).isEmpty()).isTrue();
  }

  @Test
  void garbage_is400WithAStatus() throws Exception {
    HttpResponse<String> answer = send("{\"resourceSpans\":[{");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(answer.body()).path("code").asInt()).isEqualTo(3);
    assertThat(sink.metrics().sum("krystaline_sink_requests_refused_total")).isPositive();
  }

  private static void teach(String service, String operation) throws Exception {
    List<String> spans = new ArrayList<>();
    long now = now();
    for (int i = 0; i < 300; i++) {
      spans.add(span(id(32), id(16), operation, now - (40 + i % 20) * MILLI, now));
    }
    post(service, spans.toArray(String[]::new));
  }

  private static JsonNode post(String service, String... spans) throws Exception {
    String body =
        ("{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
                + "{\"stringValue\":\"%s\"}}]},\"scopeSpans\":[{\"spans\":[%s]}]}]}")
            .formatted(service, String.join(",", spans));
    HttpResponse<String> answer = send(body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static HttpResponse<String> send(String body) throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sink.ports().http() + "/v1/traces"))
            .header("content-type", "application/json")
            .timeout(LIMIT)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String span(String traceId, String spanId, String name, long start, long end) {
    return ("{\"traceId\":\"%s\",\"spanId\":\"%s\",\"name\":\"%s\",\"kind\":2,"
            + "\"startTimeUnixNano\":\"%d\",\"endTimeUnixNano\":\"%d\"}")
        .formatted(traceId, spanId, name, start, end);
  }

  private static String id(int digits) {
    return ("%0" + digits + "x").formatted(nextId++);
  }

  private static long now() {
    return System.currentTimeMillis() * MILLI;
  }
}
