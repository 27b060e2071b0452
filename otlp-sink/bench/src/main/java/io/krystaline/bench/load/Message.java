package io.krystaline.bench.load;

/**
 * One message as it goes over the wire. Whoever took it from a {@link MessageSource} owns it until
 * it is released.
 */
public interface Message {
  /** Holds the message from position 0 on; not to be changed by the reader. */
  byte[] bytes();

  /** Bytes of the message. */
  int length();

  /** Spans in it. */
  int spans();
}
