package io.krystaline.sink.recalculate;

/** A recalculation was ended before it was done. */
final class RecalculationStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RecalculationStoppedException(String message) {
    super(message);
  }
}
