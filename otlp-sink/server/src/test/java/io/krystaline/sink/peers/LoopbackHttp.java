package io.krystaline.sink.peers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Requests to one port of a program on this machine. Safe for use by many threads. */
final class LoopbackHttp implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final int port;

  LoopbackHttp(int port) {
    this.port = port;
  }

  /** The answer, or empty where nobody answers. */
  Optional<HttpResponse<String>> tryGet(String pathAndQuery) {
    try {
      return Optional.of(send(request(pathAndQuery).GET().build()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The body of an answer of 200. */
  String get(String pathAndQuery) {
    HttpResponse<String> response =
        tryGet(pathAndQuery)
            .orElseThrow(() -> new AssertionError("nobody answers GET " + pathAndQuery));
    return okBody(response);
  }

  /** The body of a 2xx answer to a JSON document. */
  String postJson(String path, String body) {
    try {
      HttpRequest request =
          request(path)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      return okBody(send(request));
    } catch (IOException e) {
      throw new AssertionError("nobody answers POST " + path, e);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private HttpRequest.Builder request(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + pathAndQuery))
        .timeout(LIMIT);
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + request, e);
    }
  }

  private static String okBody(HttpResponse<String> response) {
    if (response.statusCode() / 100 != 2) {
      throw new AssertionError(
          response.request() + " answers " + response.statusCode() + ": " + response.body());
    }
    return response.body();
  }
}
