package io.krystaline.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.platform.config.Config;
import io.krystaline.platform.config.ConfigSources;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A whole sink in this process, spoken to over its ports only. Used by one test thread. */
final class RunningSink implements AutoCloseable {
  private static final int POST_BYTES = 256 << 10;
  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private final SinkApp app;
  private final ObjectMapper mapper;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

  RunningSink(ObjectMapper mapper, InstantSource clock, Map<String, String> given) {
    this.mapper = mapper;
    Map<String, String> all = new HashMap<>(given);
    for (String port : new String[] {"receive.otlp-grpc-port", "receive.otlp-http-port"}) {
      all.put(port, "0");
    }
    all.put("api.port", "0");
    Config config = Config.of(ConfigSources.ofOverrides(all));
    SinkSettings settings = SinkSettings.from(config);
    config.refuseUnknown();
    app = new SinkApp(settings, clock);
    app.start();
  }

  /** An answer of the API. */
  record Answer(int status, JsonNode body) {}

  /** Sends spans; requests are put together, as one message may follow another. */
  void send(byte[] request, int length) throws IOException {
    waiting.write(request, 0, length);
    if (waiting.size() >= POST_BYTES) {
      flush();
    }
  }

  /** Sends what waits to be sent. */
  void flush() throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(app.addresses().otlpHttp() + "/v1/traces"))
            .header("content-type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(waiting.toByteArray()))
            .build();
    waiting.reset();
    assertThat(exchange(request).statusCode()).isEqualTo(200);
  }

  Answer get(String path) throws IOException {
    return answer(HttpRequest.newBuilder(uri(path)).GET().build());
  }

  /** Acts, and expects it to be done. */
  JsonNode post(String path, String body) throws IOException {
    Answer answer =
        answer(
            HttpRequest.newBuilder(uri(path))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    assertThat(answer.status).as(path + " " + answer.body).isBetween(200, 202);
    return answer.body;
  }

  /** Asks until the answer is as wanted. */
  Answer await(String path, Predicate<Answer> wanted) throws IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      Answer answer = get(path);
      if (wanted.test(answer)) {
        return answer;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(path + " stays " + answer);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** A counter or gauge without labels; waits until it is at least so much. */
  double awaitMetric(String name, double least) throws IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      @Nullable Double value = metric(name);
      if (value != null && value >= least) {
        return value;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(name + " stays " + value);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private @Nullable Double metric(String name) throws IOException {
    String page = exchange(HttpRequest.newBuilder(uri("/metrics")).GET().build()).body();
    return page.lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(null);
  }

  private URI uri(String path) {
    return URI.create(app.addresses().api() + path);
  }

  private Answer answer(HttpRequest request) throws IOException {
    HttpResponse<String> response = exchange(request);
    return new Answer(response.statusCode(), mapper.readTree(response.body()));
  }

  private HttpResponse<String> exchange(HttpRequest request) throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    app.close();
  }
}
