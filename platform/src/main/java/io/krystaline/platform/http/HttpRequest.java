package io.krystaline.platform.http;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A whole request. Its parts may be read on any thread, the body until the answer is given. */
public final class HttpRequest {
  private final HttpRequestHead head;
  private final Map<String, String> pathParameters;
  private final RequestBody body;
  private @Nullable QueryParameters query;

  HttpRequest(HttpRequestHead head, Map<String, String> pathParameters, RequestBody body) {
    this.head = head;
    this.pathParameters = pathParameters;
    this.body = body;
  }

  /** Everything before the body. */
  public HttpRequestHead head() {
    return head;
  }

  /** The method as sent; {@code HEAD} is seen as such by the handler of {@code GET}. */
  public String method() {
    return head.method();
  }

  /** The path as sent, still percent-encoded. */
  public String path() {
    return head.path();
  }

  /**
   * A decoded part of the path that the route's pattern names.
   *
   * @throws IllegalArgumentException if the pattern has no such name
   */
  public String pathParameter(String name) {
    String value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no path parameter " + name);
    }
    return value;
  }

  /**
   * The decoded query, read at the first call.
   *
   * @throws HttpException 400 if it cannot be decoded
   */
  public QueryParameters query() {
    QueryParameters parsed = query;
    if (parsed == null) {
      parsed = QueryParameters.parse(head.query());
      query = parsed;
    }
    return parsed;
  }

  /** The header fields. */
  public HttpHeaders headers() {
    return head.headers();
  }

  /** The first header of this name. */
  public Optional<String> header(String name) {
    return head.headers().first(name);
  }

  /** The body; of length 0 if there is none. */
  public RequestBody body() {
    return body;
  }

  /** The peer's address. */
  public InetSocketAddress remote() {
    return head.remote();
  }

  /** Whether the connection is encrypted. */
  public boolean secure() {
    return head.secure();
  }

  @Override
  public String toString() {
    return head.method() + " request of " + body.length() + " bytes";
  }
}
