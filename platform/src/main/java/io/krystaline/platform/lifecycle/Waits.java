package io.krystaline.platform.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Bounded waits that an interrupt does not cut short, because they are part of an orderly end. */
final class Waits {
  private Waits() {}

  /**
   * Waits for a latch; an interrupt is kept for the caller.
   *
   * @return false if the time ran out
   */
  static boolean uninterruptibly(CountDownLatch latch, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return latch.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
