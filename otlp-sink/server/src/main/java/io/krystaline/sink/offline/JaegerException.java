package io.krystaline.sink.offline;

import java.io.IOException;

/** Jaeger's query API did not answer, or answered something else than traces. */
public final class JaegerException extends IOException {
  private static final long serialVersionUID = 1L;

  JaegerException(String message) {
    super(message);
  }

  JaegerException(String message, Throwable cause) {
    super(message, cause);
  }
}
