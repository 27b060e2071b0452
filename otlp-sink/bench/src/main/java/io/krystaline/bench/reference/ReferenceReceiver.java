package io.krystaline.bench.reference;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** The reference receiver: OTLP over gRPC on loopback, and a page with what it has counted. */
public final class ReferenceReceiver {
  /** The name of the counter of spans on its page. */
  public static final String RECEIVED = "reference_spans_received_total";

  private static final int MESSAGE_BYTES_MAX = 64 << 20;

  private ReferenceReceiver() {}

  /**
   * Serves until the process is ended. Prints {@code gRPC PORT counts PORT} once it does.
   *
   * @param arguments {@code direct} to work on the event loops, {@code pool} for gRPC's own pool of
   *     threads
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 1 || !(arguments[0].equals("direct") || arguments[0].equals("pool"))) {
      throw new IllegalArgumentException("direct or pool is wanted");
    }
    ReferenceService service = new ReferenceService();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(loopback())
            .addService(service)
            .maxInboundMessageSize(MESSAGE_BYTES_MAX);
    Server server = (arguments[0].equals("direct") ? builder.directExecutor() : builder).build();
    server.start();
    HttpServer counts = counts(service);
    System.out.println("gRPC " + server.getPort() + " counts " + counts.getAddress().getPort());
    server.awaitTermination();
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static HttpServer counts(ReferenceService service) throws IOException {
    HttpServer http = HttpServer.create(loopback(), 0);
    http.createContext(
        "/metrics",
        exchange -> {
          String page =
              "%s %d%nreference_anomalies_total %d%nreference_operations %d%n"
                  .formatted(
                      RECEIVED, service.received(), service.anomalies(), service.operations());
          byte[] body = page.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    http.start();
    return http;
  }
}
