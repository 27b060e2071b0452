package io.krystaline.sink.receive;

/** A receiver can't start: its port is taken, or its credentials can't be used. */
public final class ReceiverStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One line for whoever starts the sink. */
  public ReceiverStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
