package io.krystaline.platform.http;

/**
 * Answers requests. Called on the connection's event loop when the whole body has arrived, so it
 * must not block: it answers at once, or later from any thread through {@link
 * HttpExchange#respond}. Work that blocks is wrapped by {@link #blocking}.
 */
@FunctionalInterface
public interface HttpHandler {
  /**
   * Handles one request. It, or what it starts, calls {@link HttpExchange#respond} or {@link
   * HttpExchange#fail} exactly once.
   *
   * @throws Exception answered as an error: an {@link HttpException} as it says, all others with
   *     500
   */
  void handle(HttpExchange exchange) throws Exception;

  /**
   * A handler that runs on a virtual thread. At most {@link
   * HttpServerSettings#blockingRequestsMax()} run at once on a server; further requests are
   * answered 503 with {@code Retry-After}.
   */
  static HttpHandler blocking(BlockingHandler handler) {
    return exchange -> exchange.runBlocking(handler);
  }
}
