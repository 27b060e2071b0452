package io.krystaline.platform.http;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which web pages of other origins may call a service. A preflight from an allowed origin is
 * answered 204, from another 403. Immutable.
 *
 * @param origins allowed origins as a browser sends them, for example {@code
 *     https://shop.example.org}; {@code *} stands for all and is refused together with credentials
 * @param requestHeaders headers a page may set besides {@code content-type}, {@code traceparent},
 *     {@code tracestate} and {@code baggage}
 * @param credentials whether a page may send cookies and authorization
 * @param maxAge how long a browser may keep a preflight's answer
 */
public record CorsPolicy(
    Set<String> origins, Set<String> requestHeaders, boolean credentials, Duration maxAge) {
  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";

  /** Checks the combination and copies. */
  public CorsPolicy {
    origins = Set.copyOf(origins);
    Set<String> headers = new LinkedHashSet<>();
    headers.add("content-type");
    headers.add("traceparent");
    headers.add("tracestate");
    headers.add("baggage");
    headers.addAll(requestHeaders);
    requestHeaders = java.util.Collections.unmodifiableSet(headers);
    if (credentials && origins.contains("*")) {
      throw new IllegalArgumentException("CORS for all origins must not allow credentials");
    }
    HttpServerSettings.requirePositive("maxAge", maxAge);
  }

  /** These origins, the usual headers, no credentials, ten minutes. */
  public static CorsPolicy of(Set<String> origins) {
    return new CorsPolicy(origins, Set.of(), false, Duration.ofMinutes(10));
  }

  /** The service, callable from the allowed origins. */
  public HttpService around(HttpService service) {
    return new HttpService() {
      @Override
      public Admission admit(HttpRequestHead head) {
        Optional<String> origin = head.headers().first("origin");
        boolean preflight =
            head.method().equals("OPTIONS")
                && origin.isPresent()
                && head.headers().contains("access-control-request-method");
        if (!preflight) {
          return service.admit(head);
        }
        if (!isAllowed(origin.get())) {
          return new Admission.Refuse(new HttpError(403, "this origin is not allowed"));
        }
        return new Admission.Answer(preflight());
      }

      @Override
      public HttpResponse decorate(HttpRequestHead head, HttpResponse response) {
        return withOrigin(head, service.decorate(head, response));
      }
    };
  }

  /** Whether a page of this origin may call. */
  public boolean isAllowed(String origin) {
    return origins.contains("*") || origins.contains(origin);
  }

  private HttpResponse preflight() {
    return HttpResponse.of(204)
        .withHeader("access-control-allow-methods", METHODS)
        .withHeader("access-control-allow-headers", String.join(", ", requestHeaders))
        .withHeader("access-control-max-age", Long.toString(maxAge.toSeconds()));
  }

  private HttpResponse withOrigin(HttpRequestHead head, HttpResponse response) {
    if (origins.isEmpty()) {
      return response;
    }
    HttpResponse varying = response.varyingBy("origin");
    Optional<String> origin = head.headers().first("origin").filter(this::isAllowed);
    if (origin.isEmpty()) {
      return varying;
    }
    HttpResponse allowed =
        varying.withHeader(
            "access-control-allow-origin", origins.contains("*") ? "*" : origin.get());
    return credentials ? allowed.withHeader("access-control-allow-credentials", "true") : allowed;
  }
}
