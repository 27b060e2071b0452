package io.krystaline.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A webhook receiver: a real HTTP server that keeps the notices that it is sent. */
final class WebhookInbox implements AutoCloseable {
  private static final long LIMIT_SECONDS = 40;

  private final ObjectMapper mapper;
  private final HttpServer server;
  private final BlockingQueue<JsonNode> notices = new LinkedBlockingQueue<>();
  private final List<JsonNode> seen = new ArrayList<>();

  WebhookInbox(ObjectMapper mapper) throws IOException {
    this.mapper = mapper;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      mapper.readTree(exchange.getRequestBody()).path("notices").forEach(notices::add);
      exchange.sendResponseHeaders(204, -1);
    }
  }

  /** The next notice of a change of this word, waiting for it; earlier ones are passed over. */
  JsonNode next(String change) throws InterruptedException {
    while (true) {
      JsonNode notice = notices.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (notice == null) {
        throw new AssertionError("no notice '" + change + "', only " + seen);
      }
      seen.add(notice);
      if (notice.path("change").asText().equals(change)) {
        return notice;
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
