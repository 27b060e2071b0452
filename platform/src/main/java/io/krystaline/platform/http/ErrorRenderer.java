package io.krystaline.platform.http;

/**
 * Makes the answer to every error of a server: 404, 405, 413, a bad request line, an exception of a
 * handler. The API answers problem+json ({@link ProblemJson}); an OTLP receiver answers a
 * google.rpc.Status in the request's encoding.
 *
 * <p>Called on any thread, several at once; it must not block. The server adds {@link
 * HttpError#headers()} to what is returned.
 */
@FunctionalInterface
public interface ErrorRenderer {
  /**
   * Renders an error.
   *
   * @param head the request, as far as it could be read
   * @param error what went wrong
   */
  HttpResponse render(HttpRequestHead head, HttpError error);
}
