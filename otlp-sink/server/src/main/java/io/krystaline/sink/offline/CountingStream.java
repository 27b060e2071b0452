package io.krystaline.sink.offline;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the bytes that are read through it. */
final class CountingStream extends FilterInputStream {
  private final AtomicLong count;

  CountingStream(InputStream in, AtomicLong count) {
    super(in);
    this.count = count;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    if (read >= 0) {
      count.incrementAndGet();
    }
    return read;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = super.read(target, offset, length);
    if (read > 0) {
      count.addAndGet(read);
    }
    return read;
  }
}
