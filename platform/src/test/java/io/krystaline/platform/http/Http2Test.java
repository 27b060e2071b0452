package io.krystaline.platform.http;

import static io.krystaline.platform.http.HttpHandler.blocking;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Http2Test {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private HttpServer server =
      HttpServer.builder(HttpServerSettings.defaults(), Router.builder().build()).build();

  @AfterEach
  void stop() {
    server.close();
  }

  private void start(HttpServerSettings settings) {
    Router router =
        Router.builder()
            .get(
                "/head",
                exchange -> {
                  HttpRequestHead head = exchange.request().head();
                  String secure = head.secure() ? " secure" : "";
                  exchange.respond(HttpResponse.text(200, head.protocol() + secure));
                })
            .post(
                "/echo",
                blocking(
                    request ->
                        HttpResponse.of(200, "application/octet-stream", request.body().bytes())))
            .build();
    server = HttpServer.builder(settings, router).build();
    server.start();
  }

  private static HttpServerSettings settings() {
    return HttpServerSettings.defaults().copy().bodyBytesMax(4 << 20).build();
  }

  private URI uri(String scheme, String path) {
    return URI.create(scheme + "://localhost:" + server.port() + path);
  }

  @Test
  void upgradeToH2c_isTakenAndManyRequestsShareTheConnection() throws Exception {
    start(settings());
    try (HttpClient client = HttpClient.newBuilder().version(Version.HTTP_2).build()) {
      java.net.http.HttpRequest get =
          java.net.http.HttpRequest.newBuilder(uri("http", "/head")).build();
      var first = client.send(get, BodyHandlers.ofString());
      assertThat(first.body()).isEqualTo("HTTP/2");
      assertThat(first.version()).isEqualTo(Version.HTTP_2);
      List<CompletableFuture<java.net.http.HttpResponse<byte[]>>> answers = new ArrayList<>();
      for (int index = 1; index <= 20; index++) {
        byte[] body = new byte[index * 100_000];
        Arrays.fill(body, (byte) index);
        answers.add(
            client.sendAsync(
                java.net.http.HttpRequest.newBuilder(uri("http", "/echo"))
                    .POST(BodyPublishers.ofByteArray(body))
                    .build(),
                BodyHandlers.ofByteArray()));
      }
      for (int index = 1; index <= 20; index++) {
        var answer = answers.get(index - 1).join();
        assertThat(answer.version()).isEqualTo(Version.HTTP_2);
        assertThat(answer.body()).hasSize(index * 100_000).containsOnly((byte) index);
      }
    }
  }

  @Test
  void upgradeOfARequestWithABody_staysHttp1() throws Exception {
    start(settings());
    try (HttpClient client = HttpClient.newBuilder().version(Version.HTTP_2).build()) {
      var answer =
          client.send(
              java.net.http.HttpRequest.newBuilder(uri("http", "/echo"))
                  .POST(BodyPublishers.ofString("abc"))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.body()).isEqualTo("abc");
      assertThat(answer.version()).isEqualTo(Version.HTTP_1_1);
    }
  }

  @Test
  void bodyOverTheLimit_isAnswered413OnItsStreamOnly() throws Exception {
    start(settings().copy().bodyBytesMax(1000).build());
    try (HttpClient client = HttpClient.newBuilder().version(Version.HTTP_2).build()) {
      java.net.http.HttpRequest get =
          java.net.http.HttpRequest.newBuilder(uri("http", "/head")).build();
      assertThat(client.send(get, BodyHandlers.ofString()).version()).isEqualTo(Version.HTTP_2);
      var refused =
          client.send(
              java.net.http.HttpRequest.newBuilder(uri("http", "/echo"))
                  .POST(BodyPublishers.ofByteArray(new byte[3_000_000]))
                  .build(),
              BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(413);
      assertThat(refused.body()).contains("\"status\":413");
      assertThat(client.send(get, BodyHandlers.ofString()).body()).isEqualTo("HTTP/2");
    }
  }

  @Test
  void tls_offersBothProtocols(@TempDir Path folder) throws Exception {
    TestCertificate certificate = new TestCertificate(folder);
    start(settings().copy().tls(certificate.settings()).build());
    for (Version version : Version.values()) {
      if (version.name().equals("HTTP_3")) {
        continue;
      }
      try (HttpClient client =
          HttpClient.newBuilder()
              .version(version)
              .sslContext(certificate.clientContext())
              .build()) {
        var answer =
            client.send(
                java.net.http.HttpRequest.newBuilder(uri("https", "/head")).build(),
                BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(version);
        assertThat(answer.body())
            .isEqualTo(version == Version.HTTP_2 ? "HTTP/2 secure" : "HTTP/1.1 secure");
      }
    }
  }

  // ---- prior knowledge, in literal bytes

  private record Frame(int type, int flags, int stream, ByteBuffer payload) {}

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  private static Frame read(DataInputStream input) throws IOException {
    int length = input.readUnsignedByte() << 16 | input.readUnsignedShort();
    int type = input.readUnsignedByte();
    int flags = input.readUnsignedByte();
    int stream = input.readInt() & Integer.MAX_VALUE;
    return new Frame(type, flags, stream, ByteBuffer.wrap(input.readNBytes(length)));
  }

  private static Frame readUntil(DataInputStream input, int type) throws IOException {
    Frame frame = read(input);
    while (frame.type != type) {
      frame = read(input);
    }
    return frame;
  }

  /** GET /head: method, scheme from the static table; path and authority as literals. */
  private static byte[] getHead() {
    ByteBuffer block = ByteBuffer.allocate(64);
    block.put((byte) 0x82).put((byte) 0x86);
    block.put((byte) 0x04).put((byte) 5).put("/head".getBytes(StandardCharsets.US_ASCII));
    block.put((byte) 0x01).put((byte) 1).put((byte) 'a');
    return Arrays.copyOf(block.array(), block.position());
  }

  @Test
  void priorKnowledge_isServedAlsoWhenThePrefaceIsSplit() throws IOException {
    start(settings());
    try (RawClient client = new RawClient(server.port())) {
      client.send(Arrays.copyOf(PREFACE, 5));
      client.send(Arrays.copyOfRange(PREFACE, 5, PREFACE.length));
      client.send(frame(4, 0, 0, new byte[0])).send(frame(1, 5, 1, getHead()));
      DataInputStream input = new DataInputStream(client.input());
      Frame settings = read(input);
      assertThat(settings.type).isEqualTo(4);
      Frame headers = readUntil(input, 1);
      assertThat(headers.stream).isEqualTo(1);
      assertThat(headers.payload.get(0)).as("indexed :status 200").isEqualTo((byte) 0x88);
      Frame data = readUntil(input, 0);
      assertThat(StandardCharsets.US_ASCII.decode(data.payload).toString()).isEqualTo("HTTP/2");
      assertThat(data.flags & 1).as("END_STREAM").isEqualTo(1);
    }
  }

  @Test
  void close_sendsGoAway() throws Exception {
    start(settings());
    try (RawClient client = new RawClient(server.port())) {
      client.send(PREFACE).send(frame(4, 0, 0, new byte[0])).send(frame(1, 5, 1, getHead()));
      DataInputStream input = new DataInputStream(client.input());
      readUntil(input, 0);
      Thread closing = Thread.startVirtualThread(server::close);
      Frame goAway = readUntil(input, 7);
      assertThat(goAway.payload.getInt(4)).as("NO_ERROR").isZero();
      closing.join();
    }
  }

  @Test
  void idleConnection_isSentGoAwayAndClosed() throws Exception {
    start(settings().copy().idleTimeout(Duration.ofMillis(150)).build());
    try (RawClient client = new RawClient(server.port())) {
      client.send(PREFACE).send(frame(4, 0, 0, new byte[0]));
      readUntil(new DataInputStream(client.input()), 7);
    }
  }
}
