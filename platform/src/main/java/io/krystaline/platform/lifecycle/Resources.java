package io.krystaline.platform.lifecycle;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a service has opened, closed in reverse order. Each close runs on a thread of its own and is
 * given a limited time; one that fails or hangs is logged and does not keep the others from being
 * closed.
 *
 * <p>Thread-safe. Closing twice does nothing the second time.
 *
 * <pre>{@code
 * try {
 *   database = resources.add("database", Database.open(settings));
 *   server = resources.add("server", Server.start(database));
 * } catch (RuntimeException e) {
 *   resources.closeAfter(e);
 *   throw e;
 * }
 * }</pre>
 */
public final class Resources implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Resources.class);

  private final Duration closeLimit;
  private final Object lock = new Object();
  private final Deque<Entry> open = new ArrayDeque<>();
  private boolean closed;

  /**
   * Creates an empty set.
   *
   * @param closeLimit how long each single close may take
   */
  public Resources(Duration closeLimit) {
    if (!closeLimit.isPositive()) {
      throw new IllegalArgumentException("closeLimit is " + closeLimit + ", must be positive");
    }
    this.closeLimit = closeLimit;
  }

  private record Entry(String name, AutoCloseable resource) {}

  /**
   * Takes over a resource, and gives it back for use.
   *
   * @throws IllegalStateException if this set is closed; the resource is closed before
   */
  public <T extends AutoCloseable> T add(String name, T resource) {
    synchronized (lock) {
      if (!closed) {
        open.push(new Entry(name, resource));
        return resource;
      }
    }
    IllegalStateException refusal = new IllegalStateException("closed, cannot add " + name);
    Throwable failure = closeOne(new Entry(name, resource));
    if (failure != null) {
      refusal.addSuppressed(failure);
    }
    throw refusal;
  }

  /**
   * Closes everything, last opened first.
   *
   * @throws ResourceCloseException if any close failed or took too long; each reason is suppressed
   *     in it
   */
  @Override
  public void close() {
    List<Throwable> failures = closeAll();
    if (!failures.isEmpty()) {
      ResourceCloseException failure =
          new ResourceCloseException(failures.size() + " resources failed to close");
      failures.forEach(failure::addSuppressed);
      throw failure;
    }
  }

  /** Closes everything after a failure, and keeps what goes wrong with it as suppressed in it. */
  public void closeAfter(Throwable cause) {
    closeAll().forEach(cause::addSuppressed);
  }

  private List<Throwable> closeAll() {
    List<Entry> entries;
    synchronized (lock) {
      closed = true;
      entries = new ArrayList<>(open);
      open.clear();
    }
    List<Throwable> failures = new ArrayList<>();
    for (Entry entry : entries) {
      Throwable failure = closeOne(entry);
      if (failure != null) {
        failures.add(failure);
      }
    }
    return failures;
  }

  private @Nullable Throwable closeOne(Entry entry) {
    long begin = System.nanoTime();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    Thread closer =
        Thread.ofPlatform()
            .daemon()
            .name("close " + entry.name())
            .start(
                () -> {
                  try {
                    entry.resource().close();
                  } catch (Throwable e) {
                    // Also an Error of one resource must not keep the others open; it is reported.
                    failure.set(e);
                  } finally {
                    done.countDown();
                  }
                });
    if (!Waits.uninterruptibly(done, closeLimit)) {
      closer.interrupt();
      String message = "%s did not close within %s".formatted(entry.name(), closeLimit);
      logger.error("{}; left behind", message);
      return new TimeoutException(message);
    }
    Throwable thrown = failure.get();
    if (thrown != null) {
      logger.error("{} failed to close", entry.name(), thrown);
      return thrown;
    }
    logger.debug(
        "{} closed in {} ms",
        entry.name(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    return null;
  }
}
