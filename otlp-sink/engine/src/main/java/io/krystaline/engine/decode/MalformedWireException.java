package io.krystaline.engine.decode;

/** Leaves a walk over protobuf bytes at the first fault. Never escapes this package. */
final class MalformedWireException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int position;

  MalformedWireException(String reason, int position) {
    super(reason, null, false, false);
    this.position = position;
  }

  /** The reason and the position from the message's first byte. */
  String describe(int messageOffset) {
    return getMessage() + " at byte " + (position - messageOffset);
  }
}
