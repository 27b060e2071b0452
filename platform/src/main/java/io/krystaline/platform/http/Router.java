package io.krystaline.platform.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the handler of a request by method and path. Immutable; safe on every thread.
 *
 * <p>A pattern such as {@code /api/anomalies/{id}} matches segment by segment; {@code {name}} takes
 * one segment that is not empty, {@code {name...}} at the end takes the rest, which may be empty.
 * The values are percent-decoded after the split, so that an encoded slash stays inside its
 * segment. A literal wins over a parameter, a parameter over a rest.
 *
 * <p>{@code GET} also serves {@code HEAD}. {@code OPTIONS} is answered with {@code Allow}. A known
 * path with another method is 405 with {@code Allow}, an unknown path 404.
 */
public final class Router implements HttpService {
  private final List<Route> routes;

  private Router(List<Route> routes) {
    this.routes = routes;
  }

  /** A router without routes. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Admission admit(HttpRequestHead head) {
    String[] segments = PathPattern.split(head.path());
    boolean known = false;
    for (Route route : routes) {
      if (route.pattern.matches(segments)) {
        known = true;
        if (route.serves(head.method())) {
          return route.admit(head, segments);
        }
      }
    }
    if (known) {
      return notAllowed(head, segments);
    }
    if (head.method().equals("OPTIONS") && head.path().equals("*")) {
      return new Admission.Answer(HttpResponse.of(204));
    }
    return new Admission.Refuse(new HttpError(404, "there is nothing at this path"));
  }

  private Admission notAllowed(HttpRequestHead head, String[] segments) {
    TreeSet<String> methods = new TreeSet<>();
    for (Route route : routes) {
      if (route.pattern.matches(segments)) {
        methods.add(route.method);
        if (route.method.equals("GET")) {
          methods.add("HEAD");
        }
      }
    }
    methods.add("OPTIONS");
    String allow = String.join(", ", methods);
    if (head.method().equals("OPTIONS")) {
      return new Admission.Answer(HttpResponse.of(204).withHeader("allow", allow));
    }
    return new Admission.Refuse(
        new HttpError(405, "this path does not take this method").withHeader("allow", allow));
  }

  /** One method of one pattern; either a handler or a WebSocket. */
  private record Route(
      String method,
      PathPattern pattern,
      long bodyBytesMax,
      @Nullable HttpHandler handler,
      @Nullable WebSocketHandler webSocket,
      WebSocketSettings webSocketSettings) {

    boolean serves(String asked) {
      return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
    }

    Admission admit(HttpRequestHead head, String[] segments) {
      if (handler != null) {
        return new Admission.Handle(
            handler, bodyBytesMax, pattern.text(), pattern.parameters(segments));
      }
      if (webSocket != null && head.asksForWebSocket()) {
        return new Admission.OpenWebSocket(webSocket, webSocketSettings, pattern.text());
      }
      HttpError error = new HttpError(426, "this path is a WebSocket over HTTP/1.1");
      return new Admission.Refuse(
          head.protocol().equals("HTTP/2") ? error : error.withHeader("upgrade", "websocket"));
    }
  }

  /** Collects routes; for one thread. */
  public static final class Builder {
    private final List<Route> routes = new ArrayList<>();
    private final Map<String, String> seen = new HashMap<>();

    private Builder() {}

    /** Serves GET and HEAD. */
    public Builder get(String pattern, HttpHandler handler) {
      return route("GET", pattern, handler);
    }

    /** Serves POST. */
    public Builder post(String pattern, HttpHandler handler) {
      return route("POST", pattern, handler);
    }

    /** Serves PUT. */
    public Builder put(String pattern, HttpHandler handler) {
      return route("PUT", pattern, handler);
    }

    /** Serves DELETE. */
    public Builder delete(String pattern, HttpHandler handler) {
      return route("DELETE", pattern, handler);
    }

    /** Serves a method, with the server's own body limit. */
    public Builder route(String method, String pattern, HttpHandler handler) {
      return route(method, pattern, Admission.Handle.SERVER_LIMIT, handler);
    }

    /**
     * Serves a method.
     *
     * @param bodyBytesMax a longer body is refused with 413
     * @throws IllegalArgumentException if the pattern is not one, or is taken by this method
     *     already
     */
    public Builder route(String method, String pattern, long bodyBytesMax, HttpHandler handler) {
      return add(
          new Route(
              method,
              PathPattern.parse(pattern),
              bodyBytesMax,
              handler,
              null,
              WebSocketSettings.defaults()));
    }

    /** Serves WebSocket handshakes. */
    public Builder webSocket(String pattern, WebSocketSettings settings, WebSocketHandler handler) {
      return add(new Route("GET", PathPattern.parse(pattern), 0, null, handler, settings));
    }

    private Builder add(Route route) {
      if (route.method.equals("TRACE") || route.method.equals("CONNECT")) {
        throw new IllegalArgumentException("the server refuses " + route.method);
      }
      String key = route.method + ' ' + route.pattern.shape();
      String previous = seen.put(key, route.pattern.text());
      if (previous != null) {
        throw new IllegalArgumentException(
            route.method + " " + route.pattern.text() + " clashes with " + previous);
      }
      routes.add(route);
      return this;
    }

    /** The router. */
    public Router build() {
      List<Route> sorted = new ArrayList<>(routes);
      sorted.sort(Comparator.comparing(Route::pattern));
      return new Router(List.copyOf(sorted));
    }
  }
}
