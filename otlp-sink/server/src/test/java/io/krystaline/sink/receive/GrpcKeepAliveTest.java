package io.krystaline.sink.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pings of an idle connection, as literal HTTP/2 frames: gRPC clients send them as keepalive. */
class GrpcKeepAliveTest {
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int PINGS = 8;

  @Test
  void line15_defaults_permitAPingEachFiveSeconds() {
    assertThat(settings().permitKeepAlive()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void line15_pingsWithoutCallsAtThePermittedPace_areAllAnswered() throws Exception {
    Duration permitted = Duration.ofMillis(20);
    try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        GrpcReceiver receiver = start(permitted);
        Socket socket = open(receiver)) {
      for (int ping = 0; ping < PINGS; ping++) {
        timer.schedule(() -> send(socket, PING, 8), 25, TimeUnit.MILLISECONDS).get();
        assertThat(nextOf(socket, PING, GOAWAY)).isEqualTo(PING);
      }
    }
  }

  @Test
  void line15_pingsFarTooOften_endTheConnection() throws Exception {
    try (GrpcReceiver receiver = start(Duration.ofHours(1));
        Socket socket = open(receiver)) {
      for (int ping = 0; ping < PINGS; ping++) {
        send(socket, PING, 8);
      }
      int frame = PING;
      while (frame == PING) {
        frame = nextOf(socket, PING, GOAWAY);
      }
      assertThat(frame).isEqualTo(GOAWAY);
    }
  }

  private static GrpcSettings settings() {
    return GrpcSettings.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static GrpcReceiver start(Duration permitKeepAlive) {
    GrpcSettings defaults = settings();
    CountingMetrics metrics = new CountingMetrics();
    GrpcReceiver receiver =
        new GrpcReceiver(
            new GrpcSettings(
                defaults.address(),
                defaults.messageBytesMax(),
                defaults.bufferedBytesMax(),
                defaults.connectionsMax(),
                defaults.callsPerConnectionMax(),
                defaults.callsMax(),
                defaults.flowControlWindowBytes(),
                defaults.metadataBytesMax(),
                permitKeepAlive,
                defaults.keepAliveTime(),
                defaults.keepAliveTimeout(),
                defaults.drainTimeout(),
                null,
                null),
            new SignalIntake(new FakeIngest(1024), metrics, 1024),
            metrics,
            TestEventLoops.GROUP);
    receiver.start();
    return receiver;
  }

  private static Socket open(GrpcReceiver receiver) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), receiver.port());
    socket.setSoTimeout(20_000);
    socket
        .getOutputStream()
        .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    send(socket, SETTINGS, 0);
    return socket;
  }

  /** Sends a frame of stream 0 with a payload of zeros. */
  private static @Nullable Void send(Socket socket, int type, int length) throws IOException {
    byte[] frame = new byte[9 + length];
    frame[2] = (byte) length;
    frame[3] = (byte) type;
    new DataOutputStream(socket.getOutputStream()).write(frame);
    return null;
  }

  /** Reads frames until one is of either type. */
  private static int nextOf(Socket socket, int first, int second) throws IOException {
    DataInputStream input = new DataInputStream(socket.getInputStream());
    while (true) {
      byte[] header = new byte[9];
      input.readFully(header);
      int length = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff);
      input.readFully(new byte[length]);
      // The receiver's own ping, no answer to one of ours, has no acknowledge flag.
      boolean isAnswer = header[3] != PING || header[4] == 1;
      if (isAnswer && (header[3] == first || header[3] == second)) {
        return header[3];
      }
    }
  }
}
