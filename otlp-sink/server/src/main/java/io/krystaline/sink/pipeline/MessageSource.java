package io.krystaline.sink.pipeline;

import java.io.IOException;

/**
 * Gives the bytes of one protobuf message, decompressed; called once, on the thread that offers the
 * message.
 */
@FunctionalInterface
public interface MessageSource {

  /**
   * Writes the whole message.
   *
   * @throws MessageTooLargeException if the message passes the target's limit
   * @throws IOException if the bytes can't be read, as with corrupt compression; the message is
   *     then refused as malformed with this exception's text
   */
  void copyTo(MessageBuffer target) throws IOException;
}
