package io.krystaline.sink.pipeline;

import java.time.Duration;

/** Anomalies of a message could not be committed; the sender shall send the message again. */
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  /** A failure to commit, and when to try again. */
  public StoreUnavailableException(String message, Duration retryAfter, Throwable cause) {
    super(message, cause);
    this.retryAfter = retryAfter;
  }

  /** How long the sender shall wait. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
