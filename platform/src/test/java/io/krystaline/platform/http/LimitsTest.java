package io.krystaline.platform.http;

import static io.krystaline.platform.http.HttpHandler.blocking;
import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.platform.http.RawClient.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
  private static final Duration SHORT = Duration.ofMillis(150);
  private final List<HttpRefusal> refusals = new CopyOnWriteArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch entered = new CountDownLatch(1);
  private boolean started;
  private HttpServer server =
      HttpServer.builder(HttpServerSettings.defaults(), Router.builder().build()).build();

  @AfterEach
  void stop() {
    release.countDown();
    server.close();
  }

  private RawClient connect(HttpServerSettings settings) throws IOException {
    if (!started) {
      started = true;
      Router router =
          Router.builder()
              .get("/hello", exchange -> exchange.respond(HttpResponse.text(200, "hello")))
              .post(
                  "/length",
                  exchange -> {
                    int length = exchange.request().body().length();
                    exchange.respond(HttpResponse.text(200, Integer.toString(length)));
                  })
              .get("/never", exchange -> {})
              .get(
                  "/wait",
                  blocking(
                      request -> {
                        entered.countDown();
                        release.await();
                        return HttpResponse.text(200, "waited");
                      }))
              .build();
      HttpServerListener listener =
          new HttpServerListener() {
            @Override
            public void refused(HttpRefusal reason) {
              refusals.add(reason);
            }
          };
      server = HttpServer.builder(settings, router).listener(listener).build();
      server.start();
    }
    return new RawClient(server.port());
  }

  private static HttpServerSettings.Builder settings() {
    return HttpServerSettings.defaults().copy().bodyBytesMax(1000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GARBAGE||",
        "GET /hello HTTP/1.1||",
        "GET /hello HTTP/1.1|Host: a|Host: b||",
        "GET hello HTTP/1.1|Host: a||",
        "GET /%zz HTTP/1.1|Host: a|Bad Header: x||",
        "POST /length HTTP/1.1|Host: a|Content-Length: x||",
        "POST /length HTTP/1.1|Host: a|Content-Length: -1||",
        "POST /length HTTP/1.1|Host: a|Content-Length: 1|Content-Length: 2||ab",
        "POST /length HTTP/1.1|Host: a|Content-Length: 5|Transfer-Encoding: chunked||0||",
        "POST /length HTTP/1.1|Host: a|transfer-encoding: CHUNKED|content-length: 5||0||",
        "POST /length HTTP/1.0|Transfer-Encoding: chunked||0||",
        "POST /length HTTP/1.1|Host: a|Transfer-Encoding: chunked||zz|ab|0||"
      })
  void ambiguousOrBrokenRequest_isAnswered400AndClosed(String request) throws IOException {
    try (RawClient client = connect(settings().build())) {
      Answer answer = client.send(request.replace("|", "\r\n")).answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(client.atEnd()).isTrue();
      assertThat(refusals).containsExactly(HttpRefusal.BAD_REQUEST);
    }
  }

  @Test
  void transferCoding_otherThanChunkedIs501() throws IOException {
    try (RawClient client = connect(settings().build())) {
      client.send("POST /length HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(501);
    }
  }

  @ParameterizedTest
  @CsvSource({"TRACE,405", "CONNECT,405", "PATCH,405", "DELETE,405"})
  void method_thatIsNotTakenIs405WithAllow(String method, int status) throws IOException {
    try (RawClient client = connect(settings().build())) {
      Answer answer = client.send(method + " /hello HTTP/1.1\r\nHost: a\r\n\r\n").answer();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("allow")).contains("GET");
    }
  }

  @Test
  void longTarget_is414AndLongHeadersAre431() throws IOException {
    HttpServerSettings small = settings().targetBytesMax(100).headerBytesMax(300).build();
    try (RawClient client = connect(small)) {
      client.send("GET /" + "a".repeat(200) + " HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(414);
    }
    try (RawClient client = connect(small)) {
      client.send("GET /hello HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(400) + "\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(431);
    }
    assertThat(refusals)
        .containsExactly(HttpRefusal.TARGET_TOO_LONG, HttpRefusal.HEADERS_TOO_LARGE);
  }

  @Test
  void expectContinue_withinTheLimitIsSentAndAboveItIsNot() throws IOException {
    String head = "POST /length HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ";
    try (RawClient client = connect(settings().build())) {
      assertThat(client.send(head + "3\r\n\r\n").answer().statusLine())
          .isEqualTo("HTTP/1.1 100 Continue");
      assertThat(client.send("abc").answer().text()).isEqualTo("3");
      assertThat(client.send(head + "1001\r\n\r\n").answer().status()).isEqualTo(413);
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void chunkedBody_isLimitedWhileItArrives() throws IOException {
    try (RawClient client = connect(settings().build())) {
      client.send("POST /length HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("1f4\r\n" + "a".repeat(500) + "\r\n").send("1f5\r\n" + "a".repeat(501) + "\r\n");
      assertThat(client.answer().status()).isEqualTo(413);
      assertThat(refusals).containsExactly(HttpRefusal.BODY_TOO_LARGE);
    }
  }

  @Test
  void tooLarge_isSeenByAClientThatSendsEverythingFirst() throws IOException {
    try (RawClient client = connect(settings().build())) {
      client.send("POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n");
      client.send(new byte[20_000_000]);
      assertThat(client.answer().status()).isEqualTo(413);
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void bodies_togetherAreLimited() throws IOException {
    HttpServerSettings small = settings().bufferedBodyBytesMax(500).build();
    try (RawClient client = connect(small)) {
      client.send(
          "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 600\r\n\r\n" + "a".repeat(600));
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("retry-after")).isEqualTo("1");
    }
    try (RawClient client = connect(small)) {
      for (int round = 0; round < 5; round++) {
        client.send(
            "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 400\r\n\r\n" + "a".repeat(400));
        assertThat(client.answer().text()).isEqualTo("400");
      }
    }
    assertThat(refusals).containsExactly(HttpRefusal.BODY_MEMORY);
  }

  @Test
  void slowHead_is408() throws IOException {
    try (RawClient client = connect(settings().headerTimeout(SHORT).build())) {
      assertThat(client.send("GET /hel").answer().status()).isEqualTo(408);
      assertThat(client.atEnd()).isTrue();
      assertThat(refusals).containsExactly(HttpRefusal.HEADER_TIMEOUT);
    }
  }

  @Test
  void silentConnection_isClosed() throws IOException {
    try (RawClient client = connect(settings().headerTimeout(SHORT).build())) {
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void idleConnection_isClosedWithoutAWord() throws IOException {
    try (RawClient client = connect(settings().idleTimeout(SHORT).build())) {
      client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.answer().text()).isEqualTo("hello");
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void slowBody_is408() throws IOException {
    try (RawClient client = connect(settings().bodyIdleTimeout(SHORT).build())) {
      client.send("POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab");
      assertThat(client.answer().status()).isEqualTo(408);
      assertThat(refusals).containsExactly(HttpRefusal.BODY_TIMEOUT);
    }
  }

  @Test
  void handlerThatNeverAnswers_is503AndTheConnectionIsKept() throws IOException {
    try (RawClient client = connect(settings().requestTimeout(SHORT).build())) {
      assertThat(client.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n").answer().status())
          .isEqualTo(503);
      assertThat(client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").answer().text())
          .isEqualTo("hello");
      assertThat(refusals).containsExactly(HttpRefusal.REQUEST_TIMEOUT);
    }
  }

  @Test
  void clientThatDoesNotRead_isCutAfterTheWriteTimeout() throws Exception {
    CountDownLatch cut = new CountDownLatch(1);
    Router router =
        Router.builder()
            .get(
                "/big",
                exchange ->
                    exchange.respond(
                        HttpResponse.of(200, "application/octet-stream", new byte[50_000_000])))
            .build();
    HttpServerListener listener =
        new HttpServerListener() {
          @Override
          public void refused(HttpRefusal reason) {
            if (reason == HttpRefusal.WRITE_TIMEOUT) {
              cut.countDown();
            }
          }
        };
    server =
        HttpServer.builder(settings().writeTimeout(SHORT).build(), router)
            .listener(listener)
            .build();
    server.start();
    try (RawClient client = new RawClient(server.port())) {
      client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void blockingHandlers_areLimited() throws Exception {
    HttpServerSettings one = settings().blockingRequestsMax(1).build();
    try (RawClient first = connect(one);
        RawClient second = connect(one)) {
      first.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
      Answer refused = second.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n").answer();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("retry-after")).isEqualTo("1");
      release.countDown();
      assertThat(first.answer().text()).isEqualTo("waited");
      assertThat(second.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n").answer().text())
          .isEqualTo("waited");
    }
  }

  @Test
  void connections_areLimited() throws IOException {
    HttpServerSettings one = settings().connectionsMax(1).build();
    try (RawClient first = connect(one)) {
      first.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(first.answer().text()).isEqualTo("hello");
      try (RawClient second = connect(one)) {
        assertThat(second.atEnd()).isTrue();
      }
      assertThat(refusals).containsExactly(HttpRefusal.CONNECTION_LIMIT);
    }
  }

  @Test
  void http10_isAnsweredAndClosedUnlessItAsksToStay() throws IOException {
    try (RawClient client = connect(settings().build())) {
      client.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      assertThat(client.answer().header("connection")).isEqualTo("keep-alive");
      client.send("GET /hello HTTP/1.0\r\n\r\n");
      assertThat(client.answer().text()).isEqualTo("hello");
      assertThat(client.atEnd()).isTrue();
    }
  }
}
