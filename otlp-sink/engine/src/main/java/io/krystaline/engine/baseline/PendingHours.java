package io.krystaline.engine.baseline;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The budget of hourly statistics that wait for a checkpoint, over all operations: about 1.5 KB
 * each. It is used up only when spans of very many hours come at once, or the store is lost for
 * long. Thread-safe.
 */
final class PendingHours {
  private final int most;
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder refusedSpans = new LongAdder();
  private final LongAdder withheldSpans = new LongAdder();

  PendingHours(int most) {
    this.most = most;
  }

  /** Takes one from the budget, if there is one left. */
  boolean tryTake() {
    if (waiting.incrementAndGet() <= most) {
      return true;
    }
    waiting.decrementAndGet();
    return false;
  }

  /** Takes one even beyond the budget, for statistics that exist already. */
  void take() {
    waiting.incrementAndGet();
  }

  void release(int hours) {
    waiting.addAndGet(-hours);
  }

  void refuse(long spans) {
    refusedSpans.add(spans);
  }

  void withhold(long spans) {
    withheldSpans.add(spans);
  }

  long withheldSpans() {
    return withheldSpans.sum();
  }

  int waiting() {
    return waiting.get();
  }

  long refusedSpans() {
    return refusedSpans.sum();
  }
}
