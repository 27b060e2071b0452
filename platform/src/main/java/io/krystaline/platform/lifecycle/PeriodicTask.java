package io.krystaline.platform.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a job on one daemon thread with a fixed pause between the end of one run and the begin of
 * the next. A run that fails is logged and counted, and the next one comes as usual.
 *
 * <p>Runs never overlap. The first comes after one pause. The job runs on this task's thread and
 * may block; it should end when it is interrupted.
 */
public final class PeriodicTask implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(PeriodicTask.class);

  private final String name;
  private final Duration pause;
  private final Duration stopLimit;
  private final Job job;
  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicLong runs = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final Object lock = new Object();
  private @Nullable Thread thread;
  private boolean closed;

  /** What is run again and again. */
  @FunctionalInterface
  public interface Job {
    /** Runs once; what it throws is logged and counted. */
    void run() throws Exception;
  }

  /**
   * Creates a task that is not started.
   *
   * @param name of the thread and in messages
   * @param pause between two runs
   * @param stopLimit how long {@link #close} waits for a run under way before it interrupts it
   */
  public PeriodicTask(String name, Duration pause, Duration stopLimit, Job job) {
    if (!pause.isPositive() || stopLimit.isNegative()) {
      throw new IllegalArgumentException(
          "pause %s must be positive and stopLimit %s not negative".formatted(pause, stopLimit));
    }
    this.name = name;
    this.pause = pause;
    this.stopLimit = stopLimit;
    this.job = job;
  }

  /**
   * Starts the thread.
   *
   * @throws IllegalStateException if it was started or closed before
   */
  public void start() {
    synchronized (lock) {
      if (closed || thread != null) {
        throw new IllegalStateException(name + " was started or closed before");
      }
      thread = Thread.ofPlatform().daemon().name(name).start(this::repeat);
    }
  }

  /** How many runs have ended, failed ones included. */
  public long runs() {
    return runs.get();
  }

  /** How many runs have failed. */
  public long failures() {
    return failures.get();
  }

  /** Stops, and waits for a run under way: first for the stop limit, then once more interrupted. */
  @Override
  public void close() {
    Thread running;
    synchronized (lock) {
      closed = true;
      running = thread;
    }
    stopRequested.countDown();
    if (running == null || running.equals(Thread.currentThread())) {
      return;
    }
    if (!Waits.uninterruptibly(stopped, stopLimit)) {
      logger.warn("{} is still running after {}, interrupting it", name, stopLimit);
      running.interrupt();
      if (!Waits.uninterruptibly(stopped, stopLimit)) {
        logger.error("{} did not stop; left behind", name);
      }
    }
  }

  private void repeat() {
    try {
      while (!stopRequested.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        runOnce();
      }
    } catch (InterruptedException _) {
      // Only close() interrupts this thread, so the wish to stop is known; the thread ends here.
      Thread.currentThread().interrupt();
    } finally {
      stopped.countDown();
    }
  }

  private void runOnce() throws InterruptedException {
    try {
      job.run();
    } catch (InterruptedException e) {
      failures.incrementAndGet();
      throw e;
    } catch (Exception e) {
      failures.incrementAndGet();
      logger.error("{} failed, next run in {}", name, pause, e);
    } finally {
      runs.incrementAndGet();
    }
  }
}
