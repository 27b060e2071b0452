package io.krystaline.platform.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A socket that speaks literal bytes and reads answers one at a time. */
final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream input;

  /** An answer as it came. */
  record Answer(String statusLine, Map<String, String> headers, List<Byte> octets) {
    int status() {
      return Integer.parseInt(statusLine.substring(9, 12));
    }

    String text() {
      return new String(body(), StandardCharsets.UTF_8);
    }

    byte[] body() {
      byte[] bytes = new byte[octets.size()];
      for (int index = 0; index < bytes.length; index++) {
        bytes[index] = octets.get(index);
      }
      return bytes;
    }

    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  RawClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    this.input = socket.getInputStream();
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Reads one answer with its body, as its Content-Length says. */
  Answer answer() throws IOException {
    return answer(true);
  }

  Answer answer(boolean hasBody) throws IOException {
    String statusLine = line();
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = hasBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
    List<Byte> octets = new ArrayList<>(length);
    for (byte octet : input.readNBytes(length)) {
      octets.add(octet);
    }
    return new Answer(statusLine, headers, octets);
  }

  /** Whether the server has ended the connection. */
  boolean atEnd() throws IOException {
    try {
      return input.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  InputStream input() {
    return input;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int octet = input.read(); octet != '\n'; octet = input.read()) {
      if (octet < 0) {
        throw new IOException("the connection ended after: " + line);
      }
      if (octet != '\r') {
        line.write(octet);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
