package io.krystaline.bench.measure;

import io.krystaline.bench.load.EventClock;
import io.krystaline.bench.load.SingleSpan;
import io.krystaline.bench.send.Answer;
import io.krystaline.bench.send.Exporter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Sends spans of operations that nobody has seen before, each once, as systems do that write ids
 * into names. Runs on a thread of its own until it is stopped.
 */
final class Churn {
  private static final int SERVICES = 20;
  private static final int SERVER = 2;
  private static final Duration SPAN = Duration.ofMillis(3);

  private final Exporter exporter;
  private final EventClock clock;
  private final RandomGenerator random;
  private final long intervalNanos;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final Thread thread = Thread.ofPlatform().name("churn").daemon().unstarted(this::run);
  private volatile boolean stopping;

  /**
   * New operations at a rate.
   *
   * @param perSecond how many, 1 or more
   */
  static Churn start(Exporter exporter, int perSecond, EventClock clock, RandomGenerator random) {
    Churn churn = new Churn(exporter, perSecond, clock, random);
    churn.thread.start();
    return churn;
  }

  private Churn(Exporter exporter, int perSecond, EventClock clock, RandomGenerator random) {
    this.exporter = exporter;
    this.clock = clock;
    this.random = random;
    this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
  }

  long accepted() {
    return accepted.get();
  }

  long refused() {
    return refused.get();
  }

  long failed() {
    return failed.get();
  }

  private void run() {
    while (!stopping) {
      long number = sent.incrementAndGet();
      SingleSpan.Of operation =
          new SingleSpan.Of("service-" + number % SERVICES, "GET /once/" + number, SERVER);
      exporter.send(0, SingleSpan.ending(operation, clock.nanos(), SPAN, random), this::answered);
      LockSupport.parkNanos(intervalNanos);
    }
  }

  private void answered(Answer answer) {
    switch (answer.kind()) {
      case ACCEPTED -> accepted.incrementAndGet();
      case REFUSED -> refused.incrementAndGet();
      case FAILED -> failed.incrementAndGet();
    }
  }

  /** Sends no more, and waits a while for the answers that are out. */
  void stop() {
    stopping = true;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (accepted() + refused() + failed() < sent.get() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }
}
