package io.krystaline.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.platform.http.RawClient.Answer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifecycleTest {
  private final BlockingQueue<HttpExchange> held = new ArrayBlockingQueue<>(8);
  private final Router router =
      Router.builder()
          .get("/hold", held::add)
          .get("/hello", exchange -> exchange.respond(HttpResponse.text(200, "hello")))
          .build();

  private HttpServer started(HttpServerSettings settings) {
    HttpServer server = HttpServer.builder(settings, router).build();
    server.start();
    return server;
  }

  @Test
  void start_failsWithOneClearLineWhenThePortIsInUse() {
    try (HttpServer first = started(HttpServerSettings.defaults());
        HttpServer second =
            HttpServer.builder(
                    HttpServerSettings.defaults().withAddress("127.0.0.1", first.port()), router)
                .build()) {
      assertThatThrownBy(second::start)
          .isInstanceOf(HttpStartException.class)
          .hasMessage("cannot listen on 127.0.0.1:" + first.port() + ": the port is in use");
    }
  }

  @Test
  void start_failsWhenTheCertificateIsNoCertificate(@TempDir Path folder) throws Exception {
    Path pem = Files.writeString(folder.resolve("x.pem"), "nonsense");
    HttpServerSettings settings =
        HttpServerSettings.defaults().copy().tls(new TlsSettings(pem, pem)).build();
    assertThatThrownBy(() -> started(settings))
        .isInstanceOf(HttpStartException.class)
        .hasMessageContaining("x.pem");
  }

  @Test
  void port_isUnknownBeforeTheStart() {
    try (HttpServer server = HttpServer.builder(HttpServerSettings.defaults(), router).build()) {
      assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void close_waitsForTheRequestInFlightAndSaysThatItCloses() throws Exception {
    HttpServer server = started(HttpServerSettings.defaults());
    try (RawClient busy = new RawClient(server.port());
        RawClient idle = new RawClient(server.port())) {
      idle.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").answer();
      busy.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
      HttpExchange exchange = held.poll(10, TimeUnit.SECONDS);
      Thread closing = Thread.startVirtualThread(server::close);
      assertThat(idle.atEnd()).isTrue();
      assertThat(closing.isAlive()).isTrue();
      exchange.respond(HttpResponse.text(200, "late"));
      Answer answer = busy.answer();
      assertThat(answer.text()).isEqualTo("late");
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(busy.atEnd()).isTrue();
      closing.join();
      assertThatThrownBy(() -> new RawClient(server.port())).isInstanceOf(Exception.class);
    }
  }

  @Test
  void close_cutsWhatDoesNotEndInTimeAndHandlesNothingAfterwards() throws Exception {
    HttpServer server =
        started(HttpServerSettings.defaults().copy().drainTimeout(Duration.ofMillis(200)).build());
    AtomicBoolean answered = new AtomicBoolean();
    try (RawClient busy = new RawClient(server.port())) {
      busy.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\nGET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
      HttpExchange exchange = held.poll(10, TimeUnit.SECONDS);
      server.close();
      exchange.respond(HttpResponse.of(204));
      answered.set(true);
      assertThat(busy.atEnd()).isTrue();
      assertThat(held).isEmpty();
    }
    assertThat(answered).isTrue();
  }

  @Test
  void sharedEventLoops_stayOpenAfterTheServerClosed() throws Exception {
    EventLoopGroup shared = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      for (int round = 0; round < 2; round++) {
        HttpServer server =
            HttpServer.builder(HttpServerSettings.defaults(), router).eventLoops(shared).build();
        server.start();
        try (server;
            RawClient client = new RawClient(server.port())) {
          assertThat(client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").answer().text())
              .isEqualTo("hello");
        }
      }
      assertThat(shared.isShuttingDown()).isFalse();
    } finally {
      shared.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }
  }

  @Test
  void respond_twiceIsRefused() throws Exception {
    try (HttpServer server = started(HttpServerSettings.defaults());
        RawClient client = new RawClient(server.port())) {
      client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
      HttpExchange exchange = held.poll(10, TimeUnit.SECONDS);
      exchange.respond(HttpResponse.text(200, "one"));
      assertThatThrownBy(() -> exchange.respond(HttpResponse.text(200, "two")))
          .isInstanceOf(IllegalStateException.class);
      assertThat(client.answer().text()).isEqualTo("one");
    }
  }
}
