package io.krystaline.platform.http;

/** Answers a request on a virtual thread, where it may block. */
@FunctionalInterface
public interface BlockingHandler {
  /**
   * Handles one request. When the request timeout has passed the client was answered already, and
   * what is returned is dropped; the handler is not interrupted, and keeps its place among {@link
   * HttpServerSettings#blockingRequestsMax()} until it returns. Only the closing server interrupts.
   *
   * @throws Exception answered as an error: an {@link HttpException} as it says, all others with
   *     500
   */
  HttpResponse handle(HttpRequest request) throws Exception;
}
