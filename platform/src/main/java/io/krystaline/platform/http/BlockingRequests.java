package io.krystaline.platform.http;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs blocking handlers on virtual threads, up to a limit. Safe on every thread. */
final class BlockingRequests {
  private static final HttpError OVERLOADED =
      new HttpError(
          503, "too many requests are being worked on", HttpHeaders.of("retry-after", "1"));

  private final Semaphore free;
  private final ExecutorService threads;
  private final HttpServerListener listener;

  BlockingRequests(int requestsMax, String name, HttpServerListener listener) {
    this.free = new Semaphore(requestsMax);
    this.listener = listener;
    this.threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name(name + "-request-", 0).factory());
  }

  void run(HttpExchange exchange, BlockingHandler handler) {
    if (!free.tryAcquire()) {
      listener.refused(HttpRefusal.OVERLOADED);
      exchange.fail(OVERLOADED);
      return;
    }
    RequestBody body = exchange.request().body();
    body.hold();
    try {
      threads.execute(() -> handle(exchange, handler, body));
    } catch (RejectedExecutionException e) {
      finished(body);
      listener.refused(HttpRefusal.DRAINING);
      exchange.fail(OVERLOADED);
    }
  }

  private void handle(HttpExchange exchange, BlockingHandler handler, RequestBody body) {
    HttpResponse response = null;
    Throwable failure = null;
    try {
      response = handler.handle(exchange.request());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = e;
    } catch (Throwable e) {
      failure = e;
    } finally {
      // Before the answer, so that a client that has it can send its next request at once.
      finished(body);
    }
    if (response != null) {
      exchange.respond(response);
    } else {
      exchange.failUnlessAnswered(
          failure != null ? failure : new NullPointerException("the handler returned null"));
    }
  }

  private void finished(RequestBody body) {
    body.drop();
    free.release();
  }

  /** Lets nothing more in, waits for what runs, and interrupts what still runs then. */
  void close(Duration wait) throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(wait.toNanos(), TimeUnit.NANOSECONDS)) {
      threads.shutdownNow();
      threads.awaitTermination(1, TimeUnit.SECONDS);
    }
  }
}
