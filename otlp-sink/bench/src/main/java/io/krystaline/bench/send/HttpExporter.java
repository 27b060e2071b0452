package io.krystaline.bench.send;

import io.krystaline.bench.load.Compression;
import io.krystaline.bench.load.Encoding;
import io.krystaline.bench.load.Message;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * OTLP over HTTP/1.1 at little cost: each connection has a thread that writes a request and reads
 * its answer, one after the other, as exporters do; what is sent meanwhile waits. Answers must tell
 * their length.
 */
public final class HttpExporter implements Exporter {
  private static final int CONNECT_MILLIS_MAX = 10_000;
  private static final int ANSWER_MILLIS_MAX = 60_000;
  private static final int LINE_BYTES_MAX = 8_192;
  private static final int BODY_BYTES_MAX = 1 << 20;
  private static final long CLOSE_SECONDS_MAX = 5;

  private final Encoding encoding;
  private final String headers;
  private final InetSocketAddress address;
  private final List<Connection> connections = new ArrayList<>();
  private volatile boolean closing;

  private record Waiting(Message message, Reply reply) {}

  @SuppressWarnings("ArrayRecordComponent") // nobody compares answers
  private record Response(int status, byte[] body) {}

  /** Makes the connections' threads; each connects with its first message. */
  public HttpExporter(
      String host, int port, int connections, Encoding encoding, Compression compression) {
    this.encoding = encoding;
    this.address = new InetSocketAddress(host, port);
    String type = encoding == Encoding.JSON ? "application/json" : "application/x-protobuf";
    String coding =
        compression == Compression.NONE ? "" : "Content-Encoding: " + compression.token() + "\r\n";
    this.headers =
        "POST /v1/traces HTTP/1.1\r\nHost: "
            + host
            + ":"
            + port
            + "\r\nContent-Type: "
            + type
            + "\r\n"
            + coding
            + "Content-Length: ";
    for (int i = 0; i < connections; i++) {
      this.connections.add(new Connection(i));
    }
    this.connections.forEach(connection -> connection.thread.start());
  }

  @Override
  public int connections() {
    return connections.size();
  }

  @Override
  public void send(int connection, Message message, Reply reply) {
    connections.get(connection).waiting.add(new Waiting(message, reply));
  }

  @Override
  public void close() {
    closing = true;
    connections.forEach(connection -> connection.thread.interrupt());
    try {
      for (Connection connection : connections) {
        connection.thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS_MAX));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Connection {
    private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
    private final Thread thread;

    Connection(int number) {
      thread = Thread.ofPlatform().name("http-" + number).daemon().unstarted(this::run);
    }

    private void run() {
      while (!closing) {
        try (Socket socket = new Socket()) {
          Waiting first = waiting.take();
          try {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.setSoTimeout(ANSWER_MILLIS_MAX);
            socket.connect(address, CONNECT_MILLIS_MAX);
          } catch (IOException e) {
            first.reply().onAnswer(Answer.failed(e.toString()));
            continue;
          }
          converse(socket, first);
        } catch (IOException e) {
          // The conversation has told the one whose message it was; the next connects anew.
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    private void converse(Socket socket, Waiting first) throws IOException, InterruptedException {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (Waiting next = first; ; next = waiting.take()) {
        Answer answer;
        try {
          byte[] head =
              (headers + next.message().length() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
          socket.getOutputStream().write(head);
          socket.getOutputStream().write(next.message().bytes(), 0, next.message().length());
          answer = answer(read(in));
        } catch (IOException e) {
          next.reply().onAnswer(Answer.failed(e.toString()));
          throw e;
        }
        next.reply().onAnswer(answer);
      }
    }
  }

  private Answer answer(Response response) {
    return switch (response.status()) {
      case 200 ->
          encoding == Encoding.JSON
              ? ExportResponses.json(response.body())
              : ExportResponses.protobuf(response.body());
      case 429, 502, 503, 504 -> Answer.refused("HTTP " + response.status());
      default -> Answer.failed("HTTP " + response.status());
    };
  }

  private static Response read(InputStream in) throws IOException {
    String status = line(in);
    int bodyBytes = -1;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        bodyBytes = Integer.parseInt(header.substring("content-length:".length()).strip());
      }
    }
    if (!status.startsWith("HTTP/1.1 ") || bodyBytes < 0 || bodyBytes > BODY_BYTES_MAX) {
      throw new IOException("unusable answer: " + status + ", " + bodyBytes + " bytes");
    }
    return new Response(Integer.parseInt(status.substring(9, 12)), in.readNBytes(bodyBytes));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int letter = in.read(); letter != '\n'; letter = in.read()) {
      if (letter < 0 || line.length() > LINE_BYTES_MAX) {
        throw new IOException("the connection ended in an answer");
      }
      if (letter != '\r') {
        line.append((char) letter);
      }
    }
    return line.toString();
  }
}
