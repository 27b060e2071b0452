package io.krystaline.sink.notify;

import io.krystaline.engine.incident.Incident;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * States of incidents that wait to be looked at, bounded. Of an incident those are kept that may be
 * news: a state as bad as the one before it, and as open, takes its place. Offering never blocks
 * for long. Any number of threads.
 */
final class ChangeQueue {
  private final int max;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock, as everything below; the longest waiting incident first.
  private final Map<String, Deque<Incident>> waiting = new LinkedHashMap<>();
  private int size;
  private boolean closed;

  ChangeQueue(int max) {
    this.max = max;
  }

  /** Adds a state; false if it is full, and the state then is lost. */
  boolean offer(Incident incident) {
    lock.lock();
    try {
      Deque<Incident> states = waiting.get(incident.id());
      Incident last = states == null ? null : states.peekLast();
      if (states != null && last != null && replaces(incident, last)) {
        states.removeLast();
        states.addLast(incident);
        return true;
      }
      if (size >= max || closed) {
        return false;
      }
      waiting.computeIfAbsent(incident.id(), _ -> new ArrayDeque<>()).addLast(incident);
      size++;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The longest waiting state, waiting for one within the limit; it stays until it is removed. */
  Optional<Incident> peek(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (waiting.isEmpty() && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return Optional.ofNullable(head());
    } finally {
      lock.unlock();
    }
  }

  /** Takes a state out that was looked at, unless a later one took its place. */
  void remove(Incident incident) {
    lock.lock();
    try {
      Deque<Incident> states = waiting.get(incident.id());
      if (states != null && incident.equals(states.peekFirst())) {
        states.removeFirst();
        size--;
        if (states.isEmpty()) {
          waiting.remove(incident.id());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many states wait. */
  int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more, and lets those go that wait for something. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Incident head() {
    return waiting.isEmpty() ? null : waiting.values().iterator().next().peekFirst();
  }

  private static boolean replaces(Incident next, Incident last) {
    return next.isOpen() == last.isOpen()
        && next.reopened() == last.reopened()
        && next.severity().compareTo(last.severity()) <= 0
        && next.priority().compareTo(last.priority()) <= 0;
  }
}
