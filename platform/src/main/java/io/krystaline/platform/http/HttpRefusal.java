package io.krystaline.platform.http;

import java.util.Locale;

/** Why the server itself refused a request or ended a connection; each one is counted. */
public enum HttpRefusal {
  /** More connections than allowed. */
  CONNECTION_LIMIT,
  /** A request that cannot be parsed, or whose framing is ambiguous. */
  BAD_REQUEST,
  /** The request line is too long. */
  TARGET_TOO_LONG,
  /** The header fields are too long. */
  HEADERS_TOO_LARGE,
  /** The body is longer than the route allows. */
  BODY_TOO_LARGE,
  /** All bodies together are more than the server holds. */
  BODY_MEMORY,
  /** The head did not arrive in time. */
  HEADER_TIMEOUT,
  /** The body did not arrive in time. */
  BODY_TIMEOUT,
  /** The handler did not answer in time. */
  REQUEST_TIMEOUT,
  /** The client did not take the answer in time. */
  WRITE_TIMEOUT,
  /** More blocking handlers than allowed. */
  OVERLOADED,
  /** The server is draining. */
  DRAINING,
  /** A WebSocket handshake from an origin that is not allowed. */
  ORIGIN,
  /** A WebSocket message was dropped, or its session closed, because the client reads slowly. */
  SLOW_READER;

  /** The name as a metric's label, for example {@code body_too_large}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
