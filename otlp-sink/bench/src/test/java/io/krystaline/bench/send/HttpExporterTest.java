package io.krystaline.bench.send;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.krystaline.bench.load.Compression;
import io.krystaline.bench.load.Encoding;
import io.krystaline.bench.load.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpExporterTest {
  private HttpServer server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile byte[] response = {};

  @SuppressWarnings("ArrayRecordComponent") // nobody compares messages
  private record Text(byte[] bytes) implements Message {
    @Override
    public int length() {
      return bytes.length;
    }

    @Override
    public int spans() {
      return 1;
    }
  }

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/traces",
        exchange -> {
          requests.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Content-Type")
                  + " "
                  + exchange.getRequestHeaders().getFirst("Content-Encoding")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(status, response.length == 0 ? -1 : response.length);
          exchange.getResponseBody().write(response);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  private static Answer send(Exporter exporter, String body) throws Exception {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    exporter.send(0, new Text(body.getBytes(StandardCharsets.UTF_8)), answer::complete);
    return answer.get(30, TimeUnit.SECONDS);
  }

  private Exporter exporter(Protocol protocol, Compression compression) {
    return protocol.open("127.0.0.1", server.getAddress().getPort(), 1, compression);
  }

  @Test
  void send_protobuf_isPosted() throws Exception {
    response = new byte[] {0x0a, 0};
    try (Exporter exporter = exporter(Protocol.HTTP_PROTOBUF, Compression.ZSTD)) {
      assertThat(send(exporter, "one")).isEqualTo(Answer.ACCEPTED);
      assertThat(send(exporter, "two")).isEqualTo(Answer.ACCEPTED);
    }
    assertThat(requests)
        .containsExactly(
            "POST application/x-protobuf zstd one", "POST application/x-protobuf zstd two");
  }

  @Test
  void send_json_readsThePartialSuccess() throws Exception {
    try (Exporter exporter = exporter(Protocol.HTTP_JSON, Compression.NONE)) {
      response =
          "{\"partialSuccess\":{\"rejectedSpans\":\"2\",\"errorMessage\":\"two\"}}"
              .getBytes(StandardCharsets.UTF_8);
      assertThat(send(exporter, "{}")).isEqualTo(new Answer(Answer.Kind.ACCEPTED, 2, "two"));
      response = "{}".getBytes(StandardCharsets.UTF_8);
      assertThat(send(exporter, "{}")).isEqualTo(Answer.ACCEPTED);
      response = "no".getBytes(StandardCharsets.UTF_8);
      assertThat(send(exporter, "{}").kind()).isEqualTo(Answer.Kind.FAILED);
    }
    assertThat(requests).startsWith("POST application/json null {}");
  }

  @Test
  void send_errors_areToldApart() throws Exception {
    response = "x".getBytes(StandardCharsets.UTF_8);
    try (Exporter exporter = exporter(Protocol.HTTP_PROTOBUF, Compression.NONE)) {
      status = 503;
      assertThat(send(exporter, "x")).isEqualTo(Answer.refused("HTTP 503"));
      status = 400;
      assertThat(send(exporter, "x")).isEqualTo(Answer.failed("HTTP 400"));
    }
  }

  @Test
  void send_nobodyListens_fails_andConnectsAnewLater() throws Exception {
    int port = server.getAddress().getPort();
    try (Exporter exporter = exporter(Protocol.HTTP_PROTOBUF, Compression.NONE)) {
      server.stop(0);
      assertThat(send(exporter, "x").kind()).isEqualTo(Answer.Kind.FAILED);
      assertThat(send(exporter, "x").kind()).isEqualTo(Answer.Kind.FAILED);
    }
    assertThat(port).isPositive();
    assertThat(Protocol.HTTP_JSON.encoding()).isEqualTo(Encoding.JSON);
  }
}
