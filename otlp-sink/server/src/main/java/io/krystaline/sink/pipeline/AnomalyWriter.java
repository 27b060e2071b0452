package io.krystaline.sink.pipeline;

import io.krystaline.engine.score.Anomaly;
import io.krystaline.platform.db.DatabaseUnavailableException;
import io.krystaline.sink.pipeline.PipelineCounters.Refusal;
import io.krystaline.sink.store.AnomalyRecord;
import io.krystaline.sink.store.AnomalyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits anomalies on a thread of its own, many messages in one transaction: while one transaction
 * runs, the next gathers. A message's future completes when its anomalies are durable.
 *
 * <p>It also knows whether the store is there. An idle or lost store is probed; as long as it is
 * lost, {@link #refusal()} tells the lanes to refuse messages before anything of them is scored.
 */
public final class AnomalyWriter implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(AnomalyWriter.class);

  /** Asks whether the store is there; throws if not. */
  @FunctionalInterface
  public interface Probe {
    void probe();
  }

  private record Pending(List<AnomalyRecord> records, CompletableFuture<Void> durable) {}

  private final AnomalyStore store;
  private final Probe probe;
  private final PipelineSettings settings;
  private final PipelineCounters counters;
  private final List<AnomalyListener> listeners = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger pendingAnomalies = new AtomicInteger();
  private final Thread thread;
  private volatile boolean storeAvailable = true;
  private volatile boolean closing;

  /** A writer that is not started. */
  public AnomalyWriter(
      AnomalyStore store, Probe probe, PipelineSettings settings, PipelineCounters counters) {
    this.store = store;
    this.probe = probe;
    this.settings = settings;
    this.counters = counters;
    this.thread = Thread.ofPlatform().name("anomaly-writer").daemon().unstarted(this::run);
  }

  /** Adds a listener for what is committed from now on. */
  public void listen(AnomalyListener listener) {
    listeners.add(listener);
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  /** Why no message can be taken in now; empty where one can. */
  public Optional<Refusal> refusal() {
    if (closing) {
      return Optional.of(Refusal.DRAINING);
    }
    if (!storeAvailable) {
      return Optional.of(Refusal.STORE_UNAVAILABLE);
    }
    if (pendingAnomalies.get() >= settings.pendingAnomaliesMax()) {
      return Optional.of(Refusal.OVERLOAD);
    }
    return Optional.empty();
  }

  /** Whether the store answered when it was last asked. */
  public boolean isStoreAvailable() {
    return storeAvailable;
  }

  /** Anomalies that are scored and not yet committed. */
  public int pendingAnomalies() {
    return pendingAnomalies.get();
  }

  /**
   * Queues the anomalies of one message. The queue may pass its limit by the anomalies of the
   * messages that were under way when {@link #refusal()} still let them in.
   */
  CompletableFuture<Void> write(List<AnomalyRecord> records) {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    pendingAnomalies.addAndGet(records.size());
    queue.add(new Pending(List.copyOf(records), durable));
    return durable;
  }

  /** Commits what is queued, then stops. */
  @Override
  public void close() {
    closing = true;
    queue.add(new Pending(List.of(), new CompletableFuture<>())); // wakes the thread
    try {
      thread.join(TimeUnit.SECONDS.toMillis(30));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closing) {
      try {
        Pending first = queue.poll(settings.probeInterval().toNanos(), TimeUnit.NANOSECONDS);
        if (first == null) {
          probe();
        } else {
          long begin = System.nanoTime();
          commit(gather(first));
          pauseUntil(begin + settings.commitInterval().toNanos());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    for (Pending rest = queue.poll(); rest != null; rest = queue.poll()) {
      commit(gather(rest));
    }
  }

  /**
   * A transaction costs this process and the database about the same however few anomalies it has,
   * so a busy writer lets some gather.
   */
  private void pauseUntil(long nanoTime) throws InterruptedException {
    long left = nanoTime - System.nanoTime();
    if (left > 0 && !closing) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }

  private List<Pending> gather(Pending first) {
    List<Pending> group = new ArrayList<>();
    int anomalies = 0;
    for (Pending next = first; next != null; next = queue.poll()) {
      group.add(next);
      anomalies += next.records().size();
      if (anomalies >= settings.commitAnomaliesMax()) {
        break;
      }
    }
    return group;
  }

  private void commit(List<Pending> group) {
    List<AnomalyRecord> records =
        group.stream().flatMap(pending -> pending.records().stream()).toList();
    try {
      List<Anomaly> stored = store.save(records);
      storeAvailable = true;
      pendingAnomalies.addAndGet(-records.size());
      group.forEach(pending -> pending.durable().complete(null));
      publish(stored);
    } catch (DatabaseUnavailableException e) {
      lost(e);
      fail(group, e);
    } catch (RuntimeException e) {
      if (group.size() > 1) {
        // One message that the store can't take must not fail its neighbours.
        group.forEach(pending -> commit(List.of(pending)));
      } else {
        logger.error("can't store {} anomalies of a message", records.size(), e);
        fail(group, e);
      }
    }
  }

  private void fail(List<Pending> group, RuntimeException cause) {
    counters.commitFailures().increment();
    for (Pending pending : group) {
      pendingAnomalies.addAndGet(-pending.records().size());
      pending
          .durable()
          .completeExceptionally(
              new StoreUnavailableException(
                  "the anomalies could not be stored", settings.retryAfter(), cause));
    }
  }

  private void publish(List<Anomaly> stored) {
    for (Anomaly anomaly : stored) {
      counters.anomalies(anomaly.severity()).increment();
    }
    if (stored.isEmpty()) {
      return;
    }
    for (AnomalyListener listener : listeners) {
      try {
        listener.onCommitted(stored);
      } catch (RuntimeException e) {
        logger.error("a listener failed on {} committed anomalies", stored.size(), e);
      }
    }
  }

  private void probe() {
    try {
      probe.probe();
      if (!storeAvailable) {
        logger.warn("the database is back; messages are accepted again");
      }
      storeAvailable = true;
    } catch (RuntimeException e) {
      lost(e);
    }
  }

  private void lost(RuntimeException cause) {
    if (storeAvailable) {
      logger.error("the database is lost; messages are refused until it is back", cause);
    }
    storeAvailable = false;
  }
}
