package io.krystaline.sink.receive;

import io.krystaline.sink.pipeline.MessageBuffer;
import io.krystaline.sink.pipeline.MessageTooLargeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * One message that is not kept: metrics, logs, or JSON before it is transcoded. Grows up to its
 * limit; owned by one thread.
 */
final class ReceiveBuffer implements MessageBuffer {
  private static final int INITIAL_BYTES = 16 * 1024;

  private final int bytesMax;
  private byte[] bytes = new byte[INITIAL_BYTES];
  private int length;

  ReceiveBuffer(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Empties the buffer, and lets go of an array that is larger than this. */
  void reset(int keptBytesMax) {
    length = 0;
    if (bytes.length > keptBytesMax) {
      bytes = new byte[INITIAL_BYTES];
    }
  }

  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  @Override
  public void write(byte[] source, int offset, int count) throws MessageTooLargeException {
    Objects.checkFromIndexSize(offset, count, source.length);
    reserve(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  @Override
  public void write(ByteBuffer source) throws MessageTooLargeException {
    int count = source.remaining();
    reserve(count);
    source.get(bytes, length, count);
    length += count;
  }

  @Override
  public void readFrom(InputStream source) throws IOException {
    while (true) {
      if (length == bytesMax) {
        if (source.read() >= 0) {
          throw new MessageTooLargeException(bytesMax);
        }
        return;
      }
      if (length == bytes.length) {
        reserve(1);
      }
      int read = source.read(bytes, length, Math.min(bytes.length, bytesMax) - length);
      if (read < 0) {
        return;
      }
      length += read;
    }
  }

  private void reserve(int more) throws MessageTooLargeException {
    if (more > bytesMax - length) {
      throw new MessageTooLargeException(bytesMax);
    }
    int needed = length + more;
    if (needed > bytes.length) {
      long doubled = Math.min(bytesMax, Math.max(needed, 2L * bytes.length));
      bytes = Arrays.copyOf(bytes, (int) doubled);
    }
  }
}
