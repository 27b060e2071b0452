package io.krystaline.sink.api;

import io.krystaline.platform.db.DatabaseUnavailableException;
import io.krystaline.platform.http.HttpError;
import io.krystaline.platform.http.HttpException;
import io.krystaline.platform.http.HttpHandler;
import io.krystaline.platform.http.HttpRequest;
import io.krystaline.platform.http.HttpResponse;
import io.krystaline.platform.http.JsonBodies;
import io.krystaline.platform.http.Router;
import io.krystaline.platform.http.WebSocketHandler;
import io.krystaline.platform.http.WebSocketSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Collects the routes of the API. What is added as a reader or a handler may block, and is answered
 * 503 while the database is away. For one thread.
 */
final class ApiRoutes {
  private static final String RETRY_AFTER_SECONDS = "1";

  /** The longest body that is read; those of the API are short. */
  private static final long BODY_BYTES_MAX = 64 << 10;

  private final JsonBodies json;
  private final List<String> names = new ArrayList<>();
  private final Router.Builder builder = Router.builder();

  ApiRoutes(JsonBodies json) {
    this.json = json;
  }

  /** Answers 200 with what the reader gives. */
  void get(String pattern, Function<HttpRequest, Object> reader) {
    add("GET", pattern, blocking(request -> json.ok(reader.apply(request))));
  }

  /** Answers with what the handler gives. */
  void post(String pattern, Function<HttpRequest, HttpResponse> handler) {
    add("POST", pattern, blocking(handler));
  }

  /** Answers with what the handler gives. */
  void delete(String pattern, Function<HttpRequest, HttpResponse> handler) {
    add("DELETE", pattern, blocking(handler));
  }

  /** Adds a handler that does not block, or sees to it itself. */
  void add(String method, String pattern, HttpHandler handler) {
    names.add(method + " " + pattern);
    builder.route(method, pattern, BODY_BYTES_MAX, handler);
  }

  /** Adds a WebSocket. */
  void webSocket(String pattern, WebSocketSettings settings, WebSocketHandler handler) {
    names.add("GET " + pattern);
    builder.webSocket(pattern, settings, handler);
  }

  /** Every method and pattern, for example {@code GET /health}. */
  List<String> names() {
    return List.copyOf(names);
  }

  Router router() {
    return builder.build();
  }

  private static HttpHandler blocking(Function<HttpRequest, HttpResponse> handler) {
    return HttpHandler.blocking(
        request -> {
          try {
            return handler.apply(request);
          } catch (DatabaseUnavailableException e) {
            throw new HttpException(
                new HttpError(503, "the database cannot be reached at the moment")
                    .withHeader("retry-after", RETRY_AFTER_SECONDS));
          }
        });
  }
}
