package io.krystaline.bench.send;

import io.krystaline.bench.load.Message;
import io.krystaline.bench.load.MessageSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends for a while. Without a rate each answer is followed by the next message on the same thread,
 * so that no thread waits for another; with a rate messages are sent when they are due, and one
 * that is late for want of a free place is timed from when it was due. Returns when the last answer
 * has come. Used once.
 */
public final class LoadRun {
  private static final Duration REFUSED_WAIT = Duration.ofMillis(100);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
  private static final long SPIN_NANOS = 60_000;

  private final Exporter exporter;
  private final List<? extends MessageSource> sources;
  private final Pace pace;
  private final LoadTally tally = new LoadTally();
  private final AtomicLong lastAnswerAt = new AtomicLong();
  private long endAt;

  /**
   * A run.
   *
   * @param sources the messages of each connection
   */
  public LoadRun(Exporter exporter, List<? extends MessageSource> sources, Pace pace) {
    if (sources.size() != exporter.connections()) {
      throw new IllegalArgumentException(
          sources.size() + " sources for " + exporter.connections() + " connections");
    }
    this.exporter = exporter;
    this.sources = List.copyOf(sources);
    this.pace = pace;
  }

  /**
   * Runs to its end.
   *
   * @throws IllegalStateException if answers stay out
   */
  public LoadResult run() throws InterruptedException {
    long startAt = System.nanoTime();
    endAt = startAt + pace.duration().toNanos();
    lastAnswerAt.set(startAt);
    if (pace.isPaced()) {
      runPaced(startAt);
    } else {
      runFast();
    }
    return tally.result(Duration.ofNanos(lastAnswerAt.get() - startAt));
  }

  private void answered(Answer answer, Message message, long sentAt) {
    long now = System.nanoTime();
    tally.add(answer, message.spans(), now - sentAt);
    lastAnswerAt.accumulateAndGet(now, (one, other) -> one - other > 0 ? one : other);
  }

  private boolean isOver() {
    return System.nanoTime() - endAt >= 0;
  }

  // As fast as answers come.

  private void runFast() throws InterruptedException {
    try (ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor()) {
      Phaser chains = new Phaser(1);
      for (int connection = 0; connection < sources.size(); connection++) {
        for (int i = 0; i < pace.inFlight(); i++) {
          chains.register();
          new Chain(connection, chains, later).next();
        }
      }
      int phase = chains.arrive();
      try {
        chains.awaitAdvanceInterruptibly(
            phase, pace.duration().plus(ANSWER_LIMIT).toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        throw new IllegalStateException(chains.getUnarrivedParties() + " answers stay out", e);
      } finally {
        later.shutdownNow();
      }
    }
  }

  /** One message after the other on a connection. */
  private final class Chain {
    private final int connection;
    private final Phaser chains;
    private final ScheduledExecutorService later;

    Chain(int connection, Phaser chains, ScheduledExecutorService later) {
      this.connection = connection;
      this.chains = chains;
      this.later = later;
    }

    void next() {
      try {
        Optional<Message> message = isOver() ? Optional.empty() : sources.get(connection).take();
        if (message.isPresent()) {
          send(message.get());
          return;
        }
      } catch (RuntimeException e) {
        tally.add(Answer.failed(e.toString()), 0, 0);
      }
      chains.arriveAndDeregister();
    }

    private void send(Message message) {
      long sentAt = System.nanoTime();
      exporter.send(
          connection,
          message,
          answer -> {
            answered(answer, message, sentAt);
            sources.get(connection).release(message);
            switch (answer.kind()) {
              case ACCEPTED -> next();
              case REFUSED -> {
                // What next() throws it has caught; the future tells nothing.
                var _ = later.schedule(this::next, REFUSED_WAIT.toMillis(), TimeUnit.MILLISECONDS);
              }
              case FAILED -> chains.arriveAndDeregister();
            }
          });
    }
  }

  // At a rate.

  private void runPaced(long startAt) throws InterruptedException {
    int connections = sources.size();
    int placesPerConnection = pace.inFlight();
    List<Semaphore> places =
        sources.stream().map(source -> new Semaphore(placesPerConnection)).toList();
    double dueNanos = 0;
    for (int connection = 0; ; connection = (connection + 1) % connections) {
      long due = startAt + (long) dueNanos;
      if (due - endAt >= 0) {
        break;
      }
      awaitTime(due);
      Semaphore place = places.get(connection);
      if (!place.tryAcquire(ANSWER_LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IllegalStateException("no answer in " + ANSWER_LIMIT.toSeconds() + " s");
      }
      Optional<Message> taken = sources.get(connection).take();
      if (taken.isEmpty()) {
        place.release();
        break;
      }
      Message message = taken.get();
      MessageSource source = sources.get(connection);
      exporter.send(
          connection,
          message,
          answer -> {
            answered(answer, message, due);
            source.release(message);
            place.release();
          });
      dueNanos += message.spans() / pace.spansPerSecond() * 1e9;
    }
    for (Semaphore place : places) {
      if (!place.tryAcquire(placesPerConnection, ANSWER_LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IllegalStateException("answers stay out");
      }
    }
  }

  /** Sleeps until shortly before, as sleep is not exact, and spins the rest. */
  private static void awaitTime(long at) {
    for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
      if (left > SPIN_NANOS) {
        LockSupport.parkNanos(left - SPIN_NANOS);
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
