package io.krystaline.sink.pipeline;

import java.io.IOException;

/** A message, once decompressed, is over the limit. */
public final class MessageTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int limitBytes;

  /** A message over this many bytes. */
  public MessageTooLargeException(int limitBytes) {
    super("the message is over the limit of " + limitBytes + " bytes");
    this.limitBytes = limitBytes;
  }

  /** The limit in bytes. */
  public int limitBytes() {
    return limitBytes;
  }
}
