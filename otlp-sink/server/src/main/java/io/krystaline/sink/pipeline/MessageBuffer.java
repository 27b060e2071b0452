package io.krystaline.sink.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Where a {@link MessageSource} writes: the region of a {@link SpanRing} that the message will be
 * kept in.
 */
public interface MessageBuffer {

  /**
   * Appends bytes of an array.
   *
   * @throws MessageTooLargeException if the message passes the limit
   */
  void write(byte[] source, int offset, int length) throws MessageTooLargeException;

  /**
   * Appends what remains of a buffer.
   *
   * @throws MessageTooLargeException if the message passes the limit
   */
  void write(ByteBuffer source) throws MessageTooLargeException;

  /**
   * Appends all that a stream gives, read straight into the region.
   *
   * @throws MessageTooLargeException if the message passes the limit
   * @throws IOException as the stream throws it
   */
  void readFrom(InputStream source) throws IOException;
}
