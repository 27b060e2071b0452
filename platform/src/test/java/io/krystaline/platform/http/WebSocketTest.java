package io.krystaline.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.platform.http.RawClient.Answer;
import io.krystaline.platform.http.WebSocketSettings.SlowReaderPolicy;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WebSocketTest {
  private static final String TOKEN = "0123456789abcdef";

  private final BlockingQueue<WebSocketSession> opened = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
  private final BlockingQueue<HttpRefusal> refusals = new LinkedBlockingQueue<>();
  private HttpServer server =
      HttpServer.builder(HttpServerSettings.defaults(), Router.builder().build()).build();

  @AfterEach
  void stop() {
    server.close();
  }

  private void start(WebSocketSettings settings, boolean guarded) {
    WebSocketHandler echo =
        new WebSocketHandler() {
          @Override
          public void onOpen(WebSocketSession session) {
            opened.add(session);
          }

          @Override
          public void onText(WebSocketSession session, String text) {
            session.send("echo " + text);
          }

          @Override
          public void onClose(WebSocketSession session, int code, String reason) {
            closed.add(code);
          }
        };
    HttpService service = Router.builder().webSocket("/live", settings, echo).build();
    HttpServerListener listener =
        new HttpServerListener() {
          @Override
          public void refused(HttpRefusal reason) {
            refusals.add(reason);
          }
        };
    HttpServerSettings quick =
        HttpServerSettings.defaults().copy().idleTimeout(Duration.ofSeconds(1)).build();
    server =
        HttpServer.builder(
                quick, guarded ? new BearerToken(TOKEN, Set.of()).around(service) : service)
            .listener(listener)
            .build();
    server.start();
  }

  private RawClient handshake(String... headers) throws IOException {
    RawClient client = new RawClient(server.port());
    client.send(
        "GET /live HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + String.join("", headers)
            + "\r\n");
    return client;
  }

  private RawClient open() throws IOException {
    RawClient client = handshake();
    Answer answer = client.answer();
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    return client;
  }

  /** A masked frame of a client. */
  private static byte[] frame(int firstByte, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
    frame.put((byte) firstByte);
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else if (payload.length < 65_536) {
      frame.put((byte) 0xfe).putShort((short) payload.length);
    } else {
      frame.put((byte) 0xff).putLong(payload.length);
    }
    frame.putInt(0).put(payload);
    byte[] bytes = new byte[frame.position()];
    frame.flip().get(bytes);
    return bytes;
  }

  private static byte[] text(String text) {
    return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
  }

  private record Received(int opcode, ByteBuffer payload) {
    String text() {
      return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
    }
  }

  private static Received receive(RawClient client) throws IOException {
    DataInputStream input = new DataInputStream(client.input());
    int opcode = input.readUnsignedByte() & 15;
    int length = input.readUnsignedByte();
    if (length == 126) {
      length = input.readUnsignedShort();
    } else if (length == 127) {
      length = (int) input.readLong();
    }
    return new Received(opcode, ByteBuffer.wrap(input.readNBytes(length)));
  }

  private static int receiveClose(RawClient client) throws IOException {
    Received received = receive(client);
    while (received.opcode != 8) {
      received = receive(client);
    }
    return received.payload.getShort() & 0xffff;
  }

  @Test
  void text_isEchoedAlsoInFragmentsAndBehindTheHandshake() throws Exception {
    start(WebSocketSettings.defaults(), false);
    try (RawClient client = open()) {
      client.send(text("grüße"));
      assertThat(receive(client).text()).isEqualTo("echo grüße");
      client.send(frame(0x01, new byte[] {'a'})).send(frame(0x80, new byte[] {'b'}));
      assertThat(receive(client).text()).isEqualTo("echo ab");
      client.send(frame(0x89, new byte[] {'p'}));
      Received pong = receive(client);
      assertThat(pong.opcode).isEqualTo(10);
      assertThat(pong.text()).isEqualTo("p");
      client.send(frame(0x88, new byte[] {3, (byte) 0xe8}));
      assertThat(receiveClose(client)).isEqualTo(1000);
      assertThat(client.atEnd()).isTrue();
    }
    assertThat(closed.poll(10, TimeUnit.SECONDS)).isEqualTo(1000);
  }

  @Test
  void session_canBeSentToFromAnyThreadInOrder() throws Exception {
    start(WebSocketSettings.defaults(), false);
    try (RawClient client = open()) {
      WebSocketSession session = opened.poll(10, TimeUnit.SECONDS);
      for (int index = 0; index < 500; index++) {
        assertThat(session.send("message " + index)).isTrue();
      }
      for (int index = 0; index < 500; index++) {
        assertThat(receive(client).text()).isEqualTo("message " + index);
      }
      session.close(1000, "done");
      assertThat(receiveClose(client)).isEqualTo(1000);
      assertThat(session.isOpen()).isFalse();
      assertThat(session.send("late")).isFalse();
    }
  }

  @Test
  void connectionLost_isClosedWith1006() throws Exception {
    start(WebSocketSettings.defaults(), false);
    open().close();
    assertThat(closed.poll(10, TimeUnit.SECONDS)).isEqualTo(1006);
  }

  @Test
  void message_overTheLimitClosesWith1009() throws Exception {
    start(WebSocketSettings.defaults(), false);
    try (RawClient client = open()) {
      client.send(text("a".repeat(64 * 1024)));
      assertThat(receive(client).text()).hasSize(64 * 1024 + 5);
      client.send(frame(0x81, new byte[64 * 1024 + 1]));
      assertThat(receiveClose(client)).isEqualTo(1009);
    }
  }

  @Test
  void brokenUtf8_closesWith1007AndBinaryWith1003() throws Exception {
    start(WebSocketSettings.defaults(), false);
    try (RawClient client = open()) {
      client.send(frame(0x81, new byte[] {(byte) 0xff, (byte) 0xfe}));
      assertThat(receiveClose(client)).isEqualTo(1007);
    }
    try (RawClient client = open()) {
      client.send(frame(0x82, new byte[] {1}));
      assertThat(receiveClose(client)).isEqualTo(1003);
    }
  }

  @Test
  void origin_ofAnotherSiteIsRefused() throws Exception {
    start(WebSocketSettings.defaults().withOrigins(Set.of("https://ui.example.org")), false);
    try (RawClient client = handshake("Origin: https://evil.org\r\n")) {
      assertThat(client.answer().status()).isEqualTo(403);
    }
    assertThat(refusals.poll()).isEqualTo(HttpRefusal.ORIGIN);
    try (RawClient client = handshake("Origin: https://ui.example.org\r\n")) {
      assertThat(client.answer().status()).isEqualTo(101);
    }
    try (RawClient client = handshake("Origin: http://a\r\n")) {
      assertThat(client.answer().status()).as("its own origin").isEqualTo(101);
    }
  }

  @Test
  void handshake_thatIsNoneIsRefused() throws Exception {
    start(WebSocketSettings.defaults(), false);
    try (RawClient client = new RawClient(server.port())) {
      client.send("GET /live HTTP/1.1\r\nHost: a\r\n\r\n");
      Answer plain = client.answer();
      assertThat(plain.status()).isEqualTo(426);
      assertThat(plain.header("upgrade")).isEqualTo("websocket");
      client.send(
          "GET /live HTTP/1.1|Host: a|Connection: upgrade|Upgrade: websocket|Sec-WebSocket-Version: 8||"
              .replace("|", "\r\n"));
      assertThat(client.answer().header("sec-websocket-version")).isEqualTo("13");
    }
  }

  @Test
  void token_mayComeAsSubprotocol() throws Exception {
    start(WebSocketSettings.defaults(), true);
    try (RawClient client = handshake()) {
      assertThat(client.answer().status()).isEqualTo(401);
    }
    try (RawClient client = handshake("Sec-WebSocket-Protocol: bearer, " + TOKEN + "\r\n")) {
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(101);
      assertThat(answer.header("sec-websocket-protocol")).isEqualTo("bearer");
    }
  }

  @Test
  void silentClient_isPingedAndThenClosed() throws Exception {
    WebSocketSettings quick =
        new WebSocketSettings(
            Set.of(),
            1024,
            Duration.ofMillis(300),
            Duration.ofMillis(1500),
            16,
            SlowReaderPolicy.CLOSE);
    start(quick, false);
    try (RawClient client = open()) {
      assertThat(receive(client).opcode).isEqualTo(9);
      assertThat(receiveClose(client)).isEqualTo(1001);
    }
  }

  @Test
  void slowReader_isClosedAndCounted() throws Exception {
    start(WebSocketSettings.defaults().withOutbound(8, SlowReaderPolicy.CLOSE), false);
    try (RawClient client = open()) {
      WebSocketSession session = opened.poll(10, TimeUnit.SECONDS);
      String message = "x".repeat(60_000);
      while (session.isOpen()) {
        session.send(message);
      }
      assertThat(refusals.poll()).isEqualTo(HttpRefusal.SLOW_READER);
      assertThat(closed.poll(10, TimeUnit.SECONDS)).isEqualTo(1013);
      assertThat(client.input().read()).isNotNegative();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = SlowReaderPolicy.class,
      names = {"DROP_NEWEST", "DROP_OLDEST"})
  void slowReader_losesMessagesButKeepsTheirOrder(SlowReaderPolicy policy) throws Exception {
    start(WebSocketSettings.defaults().withOutbound(8, policy), false);
    try (RawClient client = open()) {
      WebSocketSession session = opened.poll(10, TimeUnit.SECONDS);
      int sent = 0;
      while (refusals.isEmpty()) {
        session.send(String.format("%08d", sent++) + "x".repeat(60_000));
      }
      int previous = -1;
      int received = 0;
      int expected = sent - 1;
      do {
        int number = Integer.parseInt(receive(client).text().substring(0, 8));
        assertThat(number).isGreaterThan(previous);
        previous = number;
        received++;
      } while (received < expected);
      assertThat(session.isOpen()).isTrue();
      assertThat(previous).isEqualTo(policy == SlowReaderPolicy.DROP_OLDEST ? sent - 1 : sent - 2);
    }
  }

  @Test
  void close_ofTheServerSays1001() throws Exception {
    start(WebSocketSettings.defaults(), false);
    try (RawClient client = open()) {
      opened.poll(10, TimeUnit.SECONDS);
      Thread closing = Thread.startVirtualThread(server::close);
      assertThat(receiveClose(client)).isEqualTo(1001);
      closing.join();
    }
  }
}
