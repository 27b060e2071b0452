package io.krystaline.platform.http;

import java.util.Objects;

/**
 * A refusal or a failure to be told to the client; an {@link ErrorRenderer} makes the body of it.
 *
 * @param status 400 to 599
 * @param detail one English sentence for the client; never a stack trace, never a client's value
 *     whole
 * @param headers fields that the answer carries besides its content type, such as {@code Allow} or
 *     {@code Retry-After}
 */
public record HttpError(int status, String detail, HttpHeaders headers) {

  /** Checks the status. */
  public HttpError {
    Objects.requireNonNull(detail, "detail");
    Objects.requireNonNull(headers, "headers");
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("not an error status: " + status);
    }
  }

  /** An error without further headers. */
  public HttpError(int status, String detail) {
    this(status, detail, HttpHeaders.empty());
  }

  /** This error with one header more. */
  public HttpError withHeader(String name, String value) {
    return new HttpError(status, detail, headers.and(name, value));
  }
}
