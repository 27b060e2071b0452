package io.krystaline.bench.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;

/** What a sink tells over its HTTP API. Safe on every thread; calls wait for their answer. */
public final class SinkApi implements AutoCloseable {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  /** The API at an address such as {@code http://127.0.0.1:8090}. */
  SinkApi(URI base) {
    this.base = base;
  }

  /** Whether an anomaly can be read. */
  boolean hasAnomaly(String traceId, String spanId) throws InterruptedException {
    String path = "/api/monitor/anomalies/" + traceId + "-" + spanId;
    return send(request(path).GET().build()).statusCode() == 200;
  }

  /** How many anomalies are stored of spans that started in a range. */
  long storedAnomalies(Instant from, Instant until) throws InterruptedException {
    long hours = Duration.between(from, until).toHours() + 1;
    String query = "?from=%s&until=%s&bucket=PT%dH".formatted(from, until, hours);
    return get("/api/monitor/history" + query).get("total").asLong();
  }

  /** The page of metrics. */
  MetricsText metrics() throws InterruptedException {
    return new MetricsText(read(request("/metrics").GET().build()).body());
  }

  /** Has all baselines built anew from what was received so far. */
  void beginRecalculation() throws InterruptedException {
    HttpRequest begin =
        request("/api/monitor/recalculate").POST(HttpRequest.BodyPublishers.noBody()).build();
    var _ = read(begin);
  }

  /** Whether a recalculation is under way. */
  boolean isRecalculating() throws InterruptedException {
    return get("/api/monitor/recalculate").get("state").asText().equals("running");
  }

  private JsonNode get(String path) throws InterruptedException {
    String body = read(request(path).GET().build()).body();
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no JSON from " + path + ": " + body, e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(ANSWER_LIMIT);
  }

  private HttpResponse<String> read(HttpRequest request) throws InterruptedException {
    HttpResponse<String> response = send(request);
    if (response.statusCode() / 100 != 2) {
      throw new IllegalStateException(
          request.uri() + " answered " + response.statusCode() + ": " + response.body());
    }
    return response;
  }

  private HttpResponse<String> send(HttpRequest request) throws InterruptedException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("no answer from " + request.uri(), e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
