package io.krystaline.bench.measure;

import io.krystaline.bench.load.SingleSpan;
import io.krystaline.bench.send.Answer;
import io.krystaline.bench.send.Exporter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Sends spans that are surely anomalous, one after the other, and asks the API for each until it is
 * there. Runs on a thread of its own beside a round.
 */
final class AnomalyProbe {
  private static final Duration READABLE_LIMIT = Duration.ofSeconds(20);
  private static final long ASK_AGAIN_NANOS = 1_000_000;

  private final Exporter exporter;
  private final SinkApi api;
  private final SureAnomalies anomalies;
  private final Duration interval;

  /**
   * What a probe found.
   *
   * @param readableNanos from just before the span was sent to the answer that had its anomaly
   * @param accepted spans that were accepted
   * @param trouble what went wrong; empty where nothing did
   */
  record Result(Histogram readableNanos, long accepted, String trouble) {}

  AnomalyProbe(Exporter exporter, SinkApi api, SureAnomalies anomalies, Duration interval) {
    this.exporter = exporter;
    this.api = api;
    this.anomalies = anomalies;
    this.interval = interval;
  }

  /** A probe that runs until its thread is interrupted. */
  Running start() {
    Running running = new Running();
    running.thread.start();
    return running;
  }

  /** A probe at work. */
  final class Running {
    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private final Thread thread = Thread.ofPlatform().name("probe").daemon().unstarted(this::run);
    private volatile boolean stopping;

    /** Lets the probe under way end, and tells what was found. */
    Result stop() throws InterruptedException {
      stopping = true;
      LockSupport.unpark(thread);
      try {
        return result.get(READABLE_LIMIT.multipliedBy(2).toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException("the probe failed", e);
      }
    }

    private void run() {
      Histogram readable = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
      long accepted = 0;
      String trouble = "";
      try {
        while (!stopping) {
          long began = System.nanoTime();
          String wrong = probe(readable);
          accepted += wrong.isEmpty() ? 1 : 0;
          trouble = trouble.isEmpty() ? wrong : trouble;
          awaitNext(began + interval.toNanos());
        }
        result.complete(new Result(readable, accepted, trouble));
      } catch (RuntimeException e) {
        result.completeExceptionally(e);
      } catch (InterruptedException e) {
        result.completeExceptionally(e);
        Thread.currentThread().interrupt();
      }
    }

    private void awaitNext(long at) {
      for (long left = at - System.nanoTime(); left > 0 && !stopping; ) {
        LockSupport.parkNanos(left);
        left = at - System.nanoTime();
      }
    }
  }

  private String probe(Histogram readable) throws InterruptedException {
    SingleSpan span = anomalies.next();
    CompletableFuture<Answer> answered = new CompletableFuture<>();
    long sentAt = System.nanoTime();
    exporter.send(0, span, answered::complete);
    while (!api.hasAnomaly(span.traceId(), span.spanId())) {
      Answer answer = answered.getNow(Answer.ACCEPTED);
      if (answer.kind() != Answer.Kind.ACCEPTED) {
        return answer.text();
      }
      if (System.nanoTime() - sentAt > READABLE_LIMIT.toNanos()) {
        return "the anomaly " + span.traceId() + "-" + span.spanId() + " can't be read";
      }
      LockSupport.parkNanos(ASK_AGAIN_NANOS);
    }
    readable.recordValue(System.nanoTime() - sentAt);
    return answered.join().text();
  }
}
