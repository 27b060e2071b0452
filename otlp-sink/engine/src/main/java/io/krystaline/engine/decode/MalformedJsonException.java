package io.krystaline.engine.decode;

/** Leaves a walk over a JSON document at the first fault. Never escapes this package. */
final class MalformedJsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedJsonException(String reason) {
    super(reason, null, false, false);
  }

  /** The reason, which holds nothing of the document. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
