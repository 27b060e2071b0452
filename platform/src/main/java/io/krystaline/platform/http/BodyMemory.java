package io.krystaline.platform.http;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the bytes of all bodies that a server holds, up to a limit. Safe on every thread. */
final class BodyMemory {
  private final long bytesMax;
  private final AtomicLong bytes = new AtomicLong();

  BodyMemory(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  boolean tryReserve(int count) {
    if (bytes.addAndGet(count) > bytesMax) {
      bytes.addAndGet(-count);
      return false;
    }
    return true;
  }

  void free(long count) {
    bytes.addAndGet(-count);
  }

  long bytes() {
    return bytes.get();
  }
}
