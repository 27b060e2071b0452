package io.krystaline.sink.incident;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.engine.incident.IncidentListener;
import io.krystaline.platform.db.DatabaseUnavailableException;
import io.krystaline.platform.telemetry.Metrics;
import io.krystaline.platform.telemetry.Tally;
import io.krystaline.platform.telemetry.TallyFamily;
import io.krystaline.sink.store.IncidentStore;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what happens to incidents on a thread of its own, and then tells the listeners. While the
 * database is away it tries again and again; meanwhile updates of one incident give way to the
 * newest, and nothing is lost up to {@link IncidentRecorderSettings#pendingMax}. What is lost
 * beyond is counted, and mostly healed: the next state of the same incident holds everything.
 *
 * <p>{@link #onIncident} never blocks and may be called by any thread, before {@link #start} too.
 */
public final class IncidentRecorder implements IncidentListener, AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(IncidentRecorder.class);

  private final IncidentStore store;
  private final IncidentRecorderSettings settings;
  private final List<StoredIncidentListener> listeners = new CopyOnWriteArrayList<>();
  private final Tally lost = new Tally();
  private final Tally merged = new Tally();
  private final Tally retries = new Tally();
  private volatile Map<IncidentChange, Tally> stored = tallies(change -> new Tally());

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock.
  private final PendingStates pending;
  private boolean closing;
  private long stopDeadline = Long.MAX_VALUE;
  private @Nullable Thread thread;

  // Of the recorder's thread.
  private boolean away;

  /** A recorder that is not started. */
  public IncidentRecorder(IncidentStore store, IncidentRecorderSettings settings) {
    this.store = store;
    this.settings = settings;
    this.pending = new PendingStates(settings.pendingMax());
  }

  /** Adds a listener for what is stored from now on. */
  public void listen(StoredIncidentListener listener) {
    listeners.add(listener);
  }

  /** Shows its counters. */
  public void registerWith(Metrics metrics) {
    TallyFamily family =
        metrics.tallies("krystaline.sink.incidents", "Changes of incidents committed", "change");
    stored = tallies(change -> family.of(change.name().toLowerCase(Locale.ROOT)));
    metrics.counter(
        "krystaline.sink.incidents.lost",
        "States of incidents that were not kept as too many waited for the database",
        lost::sum);
    metrics.counter(
        "krystaline.sink.incidents.merged",
        "Updates of incidents that gave way to a newer state before they were committed",
        merged::sum);
    metrics.counter(
        "krystaline.sink.incidents.retries",
        "Attempts to commit an incident that the database could not take",
        retries::sum);
    metrics.gauge(
        "krystaline.sink.incidents.pending",
        "States of incidents that wait to be committed",
        this::pending);
  }

  private static Map<IncidentChange, Tally> tallies(Function<IncidentChange, Tally> maker) {
    Map<IncidentChange, Tally> tallies = new EnumMap<>(IncidentChange.class);
    for (IncidentChange change : IncidentChange.values()) {
      tallies.put(change, maker.apply(change));
    }
    return tallies;
  }

  /** Starts the thread. */
  public void start() {
    lock.lock();
    try {
      if (closing || thread != null) {
        throw new IllegalStateException("the recorder was started or closed before");
      }
      thread = Thread.ofPlatform().daemon().name("incident-recorder").start(this::run);
    } finally {
      lock.unlock();
    }
  }

  /** Queues a state; never blocks. */
  @Override
  public void onIncident(IncidentChange change, Incident incident) {
    lock.lock();
    try {
      if (closing) {
        lost.increment();
        return;
      }
      switch (pending.add(change, incident)) {
        case WAITS -> {}
        case MERGED -> merged.increment();
        case SQUEEZED, REFUSED -> lost.increment();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** States that wait to be committed. */
  public int pending() {
    lock.lock();
    try {
      return pending.size();
    } finally {
      lock.unlock();
    }
  }

  /** States that were not kept. */
  public long lost() {
    return lost.sum();
  }

  private void run() {
    try {
      for (PendingStates.State next = next(); next != null; next = next()) {
        if (commit(next.incident())) {
          done(next);
        } else {
          pause();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // close() has waited long enough
    }
  }

  /** Waits for a state; null when the recorder closes and nothing waits, or its time is up. */
  private PendingStates.@Nullable State next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        PendingStates.State next = pending.peek();
        if (closing && (next == null || System.nanoTime() - stopDeadline >= 0)) {
          return null;
        }
        if (next != null) {
          return next;
        }
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void done(PendingStates.State state) {
    lock.lock();
    try {
      pending.remove(state);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stores one state and tells of it; false where the database is away. */
  private boolean commit(Incident incident) {
    List<IncidentChange> changes;
    try {
      changes = store.save(incident);
    } catch (DatabaseUnavailableException e) {
      retries.increment();
      if (!away) {
        logger.error("incidents cannot be stored; they wait until the database is back", e);
      }
      away = true;
      return false;
    } catch (RuntimeException e) {
      // It would fail again, and must not stop the others.
      lost.increment();
      logger.error("the incident {} cannot be stored", incident.id(), e);
      return true;
    }
    if (away) {
      logger.warn("the database is back; {} states of incidents waited", pending());
    }
    away = false;
    changes.forEach(change -> tell(change, incident));
    return true;
  }

  private void tell(IncidentChange change, Incident incident) {
    Tally tally = stored.get(change);
    if (tally != null) { // each change has one
      tally.increment();
    }
    for (StoredIncidentListener listener : listeners) {
      try {
        listener.onStored(change, incident);
      } catch (RuntimeException e) {
        logger.error("a listener failed on the incident {} ({})", incident.id(), change, e);
      }
    }
  }

  private void pause() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = settings.retryInterval().toNanos();
      while (left > 0 && (!closing || System.nanoTime() - stopDeadline < 0)) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Commits what waits, within the limit, and ends the thread. What comes later is lost. */
  @Override
  public void close() {
    Thread running;
    lock.lock();
    try {
      closing = true;
      stopDeadline = System.nanoTime() + settings.stopLimit().toNanos();
      running = thread;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (running == null) {
      return;
    }
    try {
      if (!running.join(settings.stopLimit().plus(settings.retryInterval()))) {
        running.interrupt();
        logger.error("the incident recorder did not stop; left behind");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    long left = pending();
    if (left > 0) {
      lost.add(left);
      logger.error("{} states of incidents could not be stored before the end", left);
    }
  }

  /** Waits until nothing waits to be committed; false if the time ran out. For tests and stops. */
  public boolean awaitEmpty(long limitMillis) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(limitMillis);
      while (pending.size() > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      return pending.size() == 0;
    } finally {
      lock.unlock();
    }
  }
}
