package io.krystaline.platform.http;

/** Told what a server does, for its metrics. Called on any thread; it must not block or throw. */
public interface HttpServerListener {
  /** A listener that does nothing. */
  HttpServerListener NONE = new HttpServerListener() {};

  /** The server refused something by itself. */
  default void refused(HttpRefusal reason) {}

  /**
   * An answer was given to the connection.
   *
   * @param head the request
   * @param route the route's pattern, empty if none matched
   * @param status as sent
   * @param nanos from the head's end to now
   */
  default void answered(HttpRequestHead head, String route, int status, long nanos) {}
}
