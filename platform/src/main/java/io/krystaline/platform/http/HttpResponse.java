package io.krystaline.platform.http;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * An answer, whole in memory. The body's array is taken over, not copied: do not change it
 * afterwards. The server sets {@code Content-Length}, {@code Date} and {@code Connection} itself.
 */
public final class HttpResponse {
  private static final byte[] NOTHING = new byte[0];

  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;

  private HttpResponse(int status, HttpHeaders headers, byte[] body) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("not a final status: " + status);
    }
    this.status = status;
    this.headers = Objects.requireNonNull(headers, "headers");
    this.body = Objects.requireNonNull(body, "body");
  }

  /** An answer without a body. */
  public static HttpResponse of(int status) {
    return new HttpResponse(status, HttpHeaders.empty(), NOTHING);
  }

  /** An answer with a body of this type. */
  public static HttpResponse of(int status, String contentType, byte[] body) {
    return new HttpResponse(status, HttpHeaders.of("content-type", contentType), body);
  }

  /** An answer of plain UTF-8 text. */
  public static HttpResponse text(int status, String text) {
    return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** The status code. */
  public int status() {
    return status;
  }

  /** The header fields. */
  public HttpHeaders headers() {
    return headers;
  }

  /** The body's own array; empty if there is no body. */
  public byte[] body() {
    return body;
  }

  /** This answer with exactly one header of this name. */
  public HttpResponse withHeader(String name, String value) {
    return new HttpResponse(status, headers.with(name, value), body);
  }

  /** This answer with these headers besides its own. */
  public HttpResponse withHeaders(HttpHeaders more) {
    return new HttpResponse(status, headers.and(more), body);
  }

  HttpResponse withBody(byte[] other) {
    return new HttpResponse(status, headers, other);
  }

  /** Adds a name to the {@code Vary} header, once. */
  HttpResponse varyingBy(String name) {
    if (headers.containsToken("vary", name)) {
      return this;
    }
    return withHeader("vary", headers.first("vary").map(old -> old + ", " + name).orElse(name));
  }

  @Override
  public String toString() {
    return status + ", " + body.length + " bytes";
  }
}
