package io.krystaline.sink.notify;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import io.krystaline.platform.db.DatabaseException;
import io.krystaline.platform.db.DatabaseUnavailableException;
import io.krystaline.platform.telemetry.Metrics;
import io.krystaline.sink.notify.NotificationCounters.Outcome;
import io.krystaline.sink.store.NewNotification;
import io.krystaline.sink.store.NotificationStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people of incidents. Each change is looked at on a thread of its own: what is news to a
 * channel goes into the outbox, in one transaction with what the channel was told before, and from
 * there the channel's worker delivers it, at least once, over restarts too.
 *
 * <p>What is news depends on an incident's state and on what was told, so a state may be handed in
 * any number of times: after a restart, hand in all incidents that are open and those that closed
 * lately, and what was missed is told. Thread-safe.
 */
public final class Notifier implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Notifier.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
  private static final int REMEMBERED_MAX = 1_000;
  private static final Duration CLEAN_INTERVAL = Duration.ofHours(1);

  private final NotifySettings settings;
  private final NotificationStore store;
  private final Silences silences;
  private final AnnouncementPolicy policy;
  private final NotificationCounters counters;
  private final InstantSource clock;
  private final ChangeQueue changes;
  private final List<Courier> couriers = new ArrayList<>();
  private final List<ChannelWorker> workers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  // The notifier's thread only.
  private final Map<String, State> written = remembering();
  private final Map<String, Boolean> silenced = remembering();
  private Instant cleanAt = Instant.MIN;

  /** What decides whether a state of an incident is news. */
  private record State(Severity severity, Priority priority, int reopened, boolean open) {
    static State of(Incident incident) {
      return new State(
          incident.severity(), incident.priority(), incident.reopened(), incident.isOpen());
    }
  }

  /**
   * A notifier at rest.
   *
   * @throws IllegalArgumentException if a channel's settings do not fit together
   */
  public Notifier(
      NotifySettings settings,
      NotificationStore store,
      Silences silences,
      Metrics metrics,
      ObjectMapper mapper,
      InstantSource clock,
      RandomGenerator random) {
    this.settings = settings;
    this.store = store;
    this.silences = silences;
    this.policy = new AnnouncementPolicy(settings, mapper);
    this.counters = new NotificationCounters(metrics);
    this.clock = clock;
    this.changes = new ChangeQueue(settings.changesMax());
    for (ChannelSettings channel : settings.channels()) {
      Courier courier = Couriers.of(channel, settings, mapper, clock);
      couriers.add(courier);
      workers.add(
          new ChannelWorker(channel, settings, store, courier, counters, mapper, clock, random));
    }
    metrics.gauge(
        "krystaline.sink.notifications.pending",
        "Notifications in the outbox that wait for their delivery",
        () -> workers.stream().mapToLong(ChannelWorker::pending).sum());
    metrics.gauge(
        "krystaline.sink.notifications.changes",
        "Changes of incidents that wait to be written into the outbox",
        changes::size);
  }

  /** Starts its threads; without channels there are none. */
  public void start() {
    if (settings.channels().isEmpty()) {
      return;
    }
    for (int i = 0; i < workers.size(); i++) {
      String name = "notify " + settings.channels().get(i).name();
      logger.info(
          "channel {}: {}", settings.channels().get(i).name(), settings.channels().get(i).target());
      threads.add(Thread.ofPlatform().daemon().name(name).start(workers.get(i)));
    }
    threads.add(Thread.ofPlatform().daemon().name("notifier").start(this::announce));
  }

  /**
   * Takes a change. Returns at once: on any thread, also a detecting one. Where too many wait, the
   * change is lost and counted.
   */
  public void incidentChanged(IncidentChange change, Incident incident) {
    if (settings.channels().isEmpty()) {
      return;
    }
    if (!changes.offer(incident)) {
      counters.count(NotificationCounters.ALL, Outcome.OVERFLOWED, 1);
      logger.error("too many changes wait: {} of incident {} is lost", change, incident.id());
    }
  }

  private void announce() {
    try {
      int failures = 0;
      while (stop.getCount() > 0) {
        Optional<Incident> next = changes.peek(settings.pollInterval());
        if (next.isPresent()) {
          failures = announce(next.get()) ? 0 : failures + 1;
          if (failures > 0 && stop.await(100L << Math.min(failures, 6), TimeUnit.MILLISECONDS)) {
            break;
          }
        }
        clean();
      }
      Optional<Incident> left = changes.peek(Duration.ZERO);
      while (left.isPresent() && announce(left.get())) {
        left = changes.peek(Duration.ZERO);
      }
    } catch (InterruptedException _) {
      // Only close() interrupts this thread.
      Thread.currentThread().interrupt();
    }
  }

  /** Looks at one state; false if it has to be looked at again. */
  private boolean announce(Incident incident) {
    try {
      queue(incident);
      changes.remove(incident);
      return true;
    } catch (DatabaseUnavailableException e) {
      logger.warn("incident {} waits for the outbox: {}", incident.id(), e.getMessage());
      return false;
    } catch (RuntimeException e) {
      // The same state would fail again.
      logger.error("incident {} cannot be told", incident.id(), e);
      changes.remove(incident);
      return true;
    }
  }

  private void queue(Incident incident) {
    State state = State.of(incident);
    if (state.equals(written.get(incident.id()))
        || (incident.isOpen() && !policy.concerns(incident))) {
      return;
    }
    boolean silent = incident.isOpen() && isSilenced(incident);
    AtomicReference<List<NewNotification>> decided = new AtomicReference<>(List.of());
    NotificationStore.Queued queued =
        store.queue(
            incident.id(),
            clock.instant(),
            settings.pendingMax(),
            told -> {
              List<NewNotification> news = policy.news(incident, silent, told);
              decided.set(news);
              return news;
            });
    if (silent && silenced.put(incident.id(), true) == null) {
      counters.count(NotificationCounters.ALL, Outcome.SILENCED, 1);
    }
    if (!silent && queued.refused() == 0) {
      // Looked at again as long as it is silenced: the silence may end before the incident does.
      written.put(incident.id(), state);
    }
    counters.count(NotificationCounters.ALL, Outcome.OVERFLOWED, queued.refused());
    if (queued.added() > 0) {
      decided.get().forEach(news -> counters.count(news.channel(), Outcome.QUEUED, 1));
      workers.forEach(ChannelWorker::wake);
    }
  }

  private boolean isSilenced(Incident incident) {
    try {
      return silences.silences(incident);
    } catch (DatabaseUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      logger.error("silences cannot be read; incident {} is told", incident.id(), e);
      return false;
    }
  }

  private void clean() {
    Instant now = clock.instant();
    if (now.isBefore(cleanAt)) {
      return;
    }
    try {
      store.deleteFinishedBefore(now.minus(settings.keep()));
      cleanAt = now.plus(CLEAN_INTERVAL);
    } catch (DatabaseException e) {
      logger.warn("old notifications are not deleted: {}", e.getMessage());
      cleanAt = now.plus(settings.backoff().max());
    }
  }

  /**
   * Stops: writes down what waits, within a few seconds, and ends the attempts under way. What is
   * in the outbox is delivered after the next start.
   */
  @Override
  public void close() {
    Instant deadline = clock.instant().plus(STOP_LIMIT);
    stop.countDown();
    changes.close();
    workers.forEach(ChannelWorker::close);
    join(deadline);
    couriers.forEach(Courier::close);
  }

  private void join(Instant deadline) {
    try {
      for (Thread thread : threads) {
        Duration left = Duration.between(clock.instant(), deadline);
        if (!left.isPositive() || !thread.join(left)) {
          thread.interrupt();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static <V> Map<String, V> remembering() {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > REMEMBERED_MAX;
      }
    };
  }
}
