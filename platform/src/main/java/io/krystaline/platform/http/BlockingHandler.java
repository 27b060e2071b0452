package io.krystaline.platform.http;

/** Answers a request on a virtual thread, where it may block. */
@FunctionalInterface
public interface BlockingHandler {
  /**
   * Handles one request. When the request timeout has passed the client was answered already; the
   * thread is then interrupted and the returned answer dropped.
   *
   * @throws Exception answered as an error: an {@link HttpException} as it says, all others with
   *     500
   */
  HttpResponse handle(HttpRequest request) throws Exception;
}
