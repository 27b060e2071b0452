package io.krystaline.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A request's body, whole, as it came from the wire (still compressed if it was sent so). It lies
 * in the buffers it was received in; the reading methods copy from there to where the caller wants
 * it.
 *
 * <p>Readable from any thread until the request is answered or {@link #release} is called; from
 * then on reading throws {@link IllegalStateException}. Never reads beyond its end.
 */
public final class RequestBody {
  private final ByteBuf buffer;
  private final int length;
  private final Runnable afterRelease;
  private final AtomicBoolean released = new AtomicBoolean();

  /** One for the owner and one for each read in progress; at zero the buffer goes back. */
  private final AtomicInteger holds = new AtomicInteger(1);

  /** Takes over the caller's reference to the buffer. */
  RequestBody(ByteBuf buffer, Runnable afterRelease) {
    this.buffer = buffer;
    this.length = buffer.readableBytes();
    this.afterRelease = afterRelease;
  }

  static RequestBody empty() {
    return new RequestBody(Unpooled.EMPTY_BUFFER, () -> {});
  }

  /** How many bytes there are. */
  public int length() {
    return length;
  }

  /**
   * Copies a part of the body.
   *
   * @param index where in the body to begin
   * @param target copied to
   * @param offset where in the target to begin
   * @param count how many bytes
   * @throws IndexOutOfBoundsException if the part is not inside the body or the target
   * @throws IllegalStateException if the body was released
   */
  public void copyTo(int index, byte[] target, int offset, int count) {
    Objects.checkFromIndexSize(index, count, length);
    Objects.checkFromIndexSize(offset, count, target.length);
    hold();
    try {
      buffer.getBytes(buffer.readerIndex() + index, target, offset, count);
    } finally {
      drop();
    }
  }

  /**
   * All bytes in an array of their own.
   *
   * @throws IllegalStateException if the body was released
   */
  public byte[] bytes() {
    byte[] copy = new byte[length];
    copyTo(0, copy, 0, length);
    return copy;
  }

  /** A stream over the bytes, for decompressors and parsers; for one thread. */
  public InputStream stream() {
    return new BodyStream(this);
  }

  /**
   * Gives the memory back before the request is answered. For a handler that has read the body and
   * now waits for something else. A second call does nothing.
   */
  public void release() {
    if (released.compareAndSet(false, true)) {
      drop();
    }
  }

  /** Keeps the memory although the owner may release it; ended by {@link #drop}. */
  void hold() {
    int before = holds.get();
    while (before > 0) {
      int witness = holds.compareAndExchange(before, before + 1);
      if (witness == before) {
        return;
      }
      before = witness;
    }
    throw new IllegalStateException("the request's body was released");
  }

  void drop() {
    if (holds.decrementAndGet() == 0) {
      buffer.release();
      afterRelease.run();
    }
  }

  @Override
  public String toString() {
    return length + " bytes";
  }

  /** Reads through {@link #copyTo}, so that a released body is noticed. */
  private static final class BodyStream extends InputStream {
    private final RequestBody body;
    private final byte[] single = new byte[1];
    private int position;

    BodyStream(RequestBody body) {
      this.body = body;
    }

    @Override
    public int read() {
      return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
      Objects.checkFromIndexSize(offset, count, target.length);
      int left = body.length - position;
      if (count == 0) {
        return 0;
      }
      if (left == 0) {
        return -1;
      }
      int copied = Math.min(left, count);
      body.copyTo(position, target, offset, copied);
      position += copied;
      return copied;
    }

    @Override
    public long skip(long count) {
      int skipped = (int) Math.max(0, Math.min(count, body.length - position));
      position += skipped;
      return skipped;
    }

    @Override
    public int available() {
      return body.length - position;
    }
  }
}
