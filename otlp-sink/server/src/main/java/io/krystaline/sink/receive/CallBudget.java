package io.krystaline.sink.receive;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What calls can occupy before their messages are whole, over all connections: their number, since
 * each open one costs some kilobytes, and the bytes received so far. So neither many idle calls nor
 * many slow senders of large messages can fill the memory. Thread-safe.
 */
final class CallBudget {
  private final int callsMax;
  private final long bytesMax;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  CallBudget(int callsMax, long bytesMax) {
    this.callsMax = callsMax;
    this.bytesMax = bytesMax;
  }

  /** Counts a call that begins; false where there are then too many. It counts in either case. */
  boolean enter() {
    return calls.incrementAndGet() <= callsMax;
  }

  /** A call has ended. */
  void leave() {
    calls.decrementAndGet();
  }

  /** Adds bytes; false where there are then too many. They count in either case. */
  boolean add(long more) {
    return bytes.addAndGet(more) <= bytesMax;
  }

  void release(long less) {
    bytes.addAndGet(-less);
  }

  int calls() {
    return calls.get();
  }

  long bytes() {
    return bytes.get();
  }
}
