package io.krystaline.platform.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for SIGTERM or SIGINT, and holds the end of the process back until the application has
 * closed, for a limited time.
 *
 * <p>Close it after the application; with try-with-resources that is the written order:
 *
 * <pre>{@code
 * try (ShutdownSignal signal = ShutdownSignal.install(Duration.ofSeconds(30));
 *     SinkApp app = SinkApp.start(settings)) {
 *   signal.await();
 * }
 * }</pre>
 *
 * <p>Call {@code System.exit} only after this is closed: within, it would wait for the limit.
 * Thread-safe.
 */
public final class ShutdownSignal implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(ShutdownSignal.class);

  private final Duration closeLimit;
  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicBoolean closing = new AtomicBoolean();
  private final Thread hook;

  private ShutdownSignal(Duration closeLimit) {
    this.closeLimit = closeLimit;
    this.hook = Thread.ofPlatform().name("shutdown").unstarted(this::holdProcess);
  }

  /**
   * Begins to listen for the end of the process.
   *
   * @param closeLimit how long the process is held back at most, after the signal
   */
  public static ShutdownSignal install(Duration closeLimit) {
    ShutdownSignal signal = new ShutdownSignal(closeLimit);
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  /** Waits until the process is told to end, or {@link #request} is called. */
  public void await() throws InterruptedException {
    requested.await();
  }

  /** Asks for an orderly end from within, for example after an unrecoverable failure. */
  public void request() {
    requested.countDown();
  }

  /** Whether an end was asked for. */
  public boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Says that the application has closed, so that the process may end. */
  @Override
  public void close() {
    closed.countDown();
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      logger.trace("the process is already ending", e);
    }
  }

  private void holdProcess() {
    requested.countDown();
    if (!Waits.uninterruptibly(closed, closeLimit)) {
      logger.error("the application did not close within {}; ending without it", closeLimit);
    }
  }
}
