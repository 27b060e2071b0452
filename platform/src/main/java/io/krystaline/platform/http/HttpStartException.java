package io.krystaline.platform.http;

/** A server cannot start; the message says in one line which address and why. */
public final class HttpStartException extends RuntimeException {
  HttpStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
