package io.krystaline.platform.http;

import java.util.Map;
import java.util.Objects;

/** What a service decides about a request when its head is known and its body is not. */
public sealed interface Admission {

  /**
   * The request is read and handled.
   *
   * @param handler handles it
   * @param bodyBytesMax a longer body is refused with 413; {@link #SERVER_LIMIT} means the server's
   *     own limit
   * @param route the route's pattern for metrics, for example {@code /items/{id}}
   * @param pathParameters decoded, by name
   */
  record Handle(
      HttpHandler handler, long bodyBytesMax, String route, Map<String, String> pathParameters)
      implements Admission {
    /** Stands for the server's own limit. */
    public static final long SERVER_LIMIT = -1;

    /** Checks that nothing is missing and copies the parameters. */
    public Handle {
      Objects.requireNonNull(handler, "handler");
      Objects.requireNonNull(route, "route");
      pathParameters = Map.copyOf(pathParameters);
      if (bodyBytesMax < SERVER_LIMIT) {
        throw new IllegalArgumentException("bodyBytesMax is negative: " + bodyBytesMax);
      }
    }
  }

  /**
   * The connection becomes a WebSocket.
   *
   * @param handler called with what happens on it
   * @param settings origins and limits
   * @param route the route's pattern for metrics
   */
  record OpenWebSocket(WebSocketHandler handler, WebSocketSettings settings, String route)
      implements Admission {}

  /** The request is answered at once, its body is not read. */
  record Answer(HttpResponse response) implements Admission {}

  /** The request is refused at once, its body is not read. */
  record Refuse(HttpError error) implements Admission {}
}
