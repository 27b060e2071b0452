package io.krystaline.sink.receive;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of all messages that are only partly received: bounded, so that many slow senders of
 * large messages can't fill the memory. Thread-safe.
 */
final class BufferedBytes {
  private final long bytesMax;
  private final AtomicLong bytes = new AtomicLong();

  BufferedBytes(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Adds bytes; false where there are then too many. They count in either case. */
  boolean add(long more) {
    return bytes.addAndGet(more) <= bytesMax;
  }

  void release(long less) {
    bytes.addAndGet(-less);
  }

  long current() {
    return bytes.get();
  }
}
