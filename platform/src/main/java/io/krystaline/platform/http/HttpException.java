package io.krystaline.platform.http;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler to answer with an error. The server renders it; it is not logged, because the
 * client is told.
 */
public final class HttpException extends RuntimeException {
  private final transient HttpError error;

  /** An error with this status and detail. */
  public HttpException(int status, String detail) {
    this(new HttpError(status, detail), null);
  }

  /** An error with this status and detail, and the reason for it. */
  public HttpException(int status, String detail, @Nullable Throwable cause) {
    this(new HttpError(status, detail), cause);
  }

  /** Throws this error. */
  public HttpException(HttpError error) {
    this(error, null);
  }

  private HttpException(HttpError error, @Nullable Throwable cause) {
    super(error.status() + ": " + error.detail(), cause, false, true);
    this.error = error;
  }

  /** What the client is told. */
  public HttpError error() {
    return error;
  }
}
