package io.krystaline.platform.http;

import static io.krystaline.platform.http.HttpHandler.blocking;
import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.platform.http.RawClient.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Http1Test {
  private final AtomicInteger handled = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() {
    Router router =
        Router.builder()
            .get("/hello", exchange -> exchange.respond(HttpResponse.text(200, "hello")))
            .get(
                "/items/{id}",
                blocking(request -> HttpResponse.text(200, request.pathParameter("id"))))
            .post("/echo", this::echo)
            .route("POST", "/small", 8, this::echo)
            .get(
                "/broken",
                exchange -> {
                  throw new IllegalStateException("secret");
                })
            .build();
    server = HttpServer.builder(HttpServerSettings.defaults(), router).build();
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void echo(HttpExchange exchange) {
    handled.incrementAndGet();
    exchange.respond(
        HttpResponse.of(200, "application/octet-stream", exchange.request().body().bytes()));
  }

  private RawClient connect() throws IOException {
    return new RawClient(server.port());
  }

  @Test
  void get_answersWithLengthDateAndBody() throws IOException {
    try (RawClient client = connect()) {
      Answer answer = client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").answer();
      assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 200 OK");
      assertThat(answer.text()).isEqualTo("hello");
      assertThat(answer.header("date")).endsWith("GMT");
      assertThat(answer.headers()).doesNotContainKey("connection");
    }
  }

  @Test
  void connection_isKeptForTheNextRequest() throws IOException {
    try (RawClient client = connect()) {
      for (int round = 0; round < 3; round++) {
        assertThat(client.send("GET /items/a%2Fb HTTP/1.1\r\nHost: a\r\n\r\n").answer().text())
            .isEqualTo("a/b");
      }
    }
  }

  @Test
  void pipelining_keepsTheOrderOverSlowAndFastHandlers() throws IOException {
    StringBuilder requests = new StringBuilder();
    for (int index = 0; index < 200; index++) {
      requests.append("GET /items/" + index + " HTTP/1.1\r\nHost: a\r\n\r\n");
      requests.append("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    try (RawClient client = connect()) {
      client.send(requests.toString());
      for (int index = 0; index < 200; index++) {
        assertThat(client.answer().text()).isEqualTo(Integer.toString(index));
        assertThat(client.answer().text()).isEqualTo("hello");
      }
    }
  }

  @Test
  void request_isReadByteByByte() throws IOException {
    try (RawClient client = connect()) {
      String request = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde";
      for (byte octet : request.getBytes(StandardCharsets.US_ASCII)) {
        client.send(new byte[] {octet});
      }
      assertThat(client.answer().text()).isEqualTo("abcde");
    }
  }

  @Test
  void chunkedBody_isPutTogether() throws IOException {
    try (RawClient client = connect()) {
      client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("3\r\nabc\r\n").send("2;x=y\r\nde\r\n0\r\nTrailer: 1\r\n\r\n");
      assertThat(client.answer().text()).isEqualTo("abcde");
      assertThat(client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").answer().text())
          .isEqualTo("hello");
    }
  }

  @Test
  void exception_isAnsweredAsProblemWithoutItsMessage() throws IOException {
    try (RawClient client = connect()) {
      Answer answer = client.send("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n").answer();
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
      assertThat(answer.text()).contains("\"status\":500").doesNotContain("secret");
    }
  }

  @Test
  void body_ofExactlyTheLimitPassesAndOneByteMoreDoesNot() throws IOException {
    try (RawClient client = connect()) {
      String head = "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: ";
      assertThat(client.send(head + "8\r\n\r\n12345678").answer().text()).isEqualTo("12345678");
      Answer refused = client.send(head + "9\r\n\r\n123456789").answer();
      assertThat(refused.status()).isEqualTo(413);
      assertThat(refused.header("connection")).isEqualTo("close");
      assertThat(client.atEnd()).isTrue();
      assertThat(handled).hasValue(1);
    }
  }

  @Test
  void requestBehindALastOne_isNotHandled() throws IOException {
    try (RawClient client = connect()) {
      client.send(
          "GET /hello HTTP/1.1|Host: a|Connection: close||POST /echo HTTP/1.1|Host: a||"
              .replace("|", "\r\n"));
      assertThat(client.answer().header("connection")).isEqualTo("close");
      assertThat(client.atEnd()).isTrue();
      assertThat(handled).hasValue(0);
    }
  }

  @Test
  void refusedRequest_withAShortBodyKeepsTheConnection() throws IOException {
    try (RawClient client = connect()) {
      Answer refused =
          client.send("POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc").answer();
      assertThat(refused.status()).isEqualTo(404);
      assertThat(client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").answer().text())
          .isEqualTo("hello");
    }
  }
}
