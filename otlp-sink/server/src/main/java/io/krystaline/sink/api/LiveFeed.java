package io.krystaline.sink.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.engine.score.Anomaly;
import io.krystaline.platform.http.WebSocketHandler;
import io.krystaline.platform.http.WebSocketSession;
import io.krystaline.platform.telemetry.Metrics;
import io.krystaline.sink.incident.StoredIncidentListener;
import io.krystaline.sink.view.AnomalyView;
import io.krystaline.sink.view.IncidentView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes new anomalies and changes of incidents to WebSockets. Whoever commits anomalies calls
 * {@link #publish}, whoever commits incidents {@link #onStored}; both only put them in a queue. A
 * thread of its own writes each as JSON once and gives it to the sessions whose filter lets it
 * through.
 *
 * <p>Safe on every thread. Memory: the queue, and each session's own queue of messages; a session
 * that reads too slowly is closed by the server.
 */
public final class LiveFeed implements WebSocketHandler, StoredIncidentListener, AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(LiveFeed.class);
  private static final int GOING_AWAY = 1001;
  private static final int TRY_AGAIN_LATER = 1013;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

  private final ObjectMapper mapper;
  private final InstantSource clock;
  private final int sessionsMax;
  private final BlockingQueue<Event> queue;
  private final Map<WebSocketSession, LiveFilter> sessions = new ConcurrentHashMap<>();
  private final AtomicInteger opened = new AtomicInteger();
  private final LongAdder pushed = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder unreported = new LongAdder();
  private volatile boolean closed;
  private volatile @Nullable Thread thread;

  /** The first message of a session. */
  record Hello(String type, Instant time) {}

  /** A new anomaly. */
  record NewAnomaly(String type, AnomalyView anomaly) {}

  /**
   * A change of an incident.
   *
   * @param change {@code opened}, {@code updated}, {@code reopened} or {@code closed}
   */
  record ChangedIncident(String type, String change, IncidentView incident) {}

  /** What waits to be pushed. */
  private sealed interface Event {
    boolean isWanted(LiveFilter filter);

    Object message();
  }

  private record AnomalyEvent(Anomaly anomaly) implements Event {
    @Override
    public boolean isWanted(LiveFilter filter) {
      return filter.matches(anomaly);
    }

    @Override
    public Object message() {
      return new NewAnomaly(LiveFilter.ANOMALY, AnomalyView.of(anomaly));
    }
  }

  private record IncidentEvent(IncidentChange change, Incident incident) implements Event {
    @Override
    public boolean isWanted(LiveFilter filter) {
      return filter.matches(incident);
    }

    @Override
    public Object message() {
      return new ChangedIncident(
          LiveFilter.INCIDENT, change.name().toLowerCase(Locale.ROOT), IncidentView.of(incident));
    }
  }

  /** Events that were left out. */
  record Dropped(String type, long count) {}

  /** A feed that is not started. */
  public LiveFeed(ApiSettings settings, ObjectMapper mapper, InstantSource clock) {
    this.mapper = mapper;
    this.clock = clock;
    sessionsMax = settings.liveSessionsMax();
    queue = new ArrayBlockingQueue<>(settings.liveQueueMax());
  }

  /** Shows its counters. */
  public void registerWith(Metrics metrics) {
    metrics.gauge("krystaline.sink.live.sessions", "Live streams that are open", sessions::size);
    metrics.counter(
        "krystaline.sink.live.pushed",
        "Anomalies and incidents given to live streams",
        pushed::sum);
    metrics.counter(
        "krystaline.sink.live.dropped",
        "Anomalies and incidents left out of the live streams as they came too fast",
        dropped::sum);
    metrics.counter(
        "krystaline.sink.live.refused", "Live streams refused as there are too many", refused::sum);
  }

  /** Starts the thread. */
  public void start() {
    thread = Thread.ofPlatform().daemon().name("live-feed").start(this::run);
  }

  /** Takes anomalies that were just committed. Never blocks; does little when nobody listens. */
  public void publish(List<Anomaly> anomalies) {
    if (sessions.isEmpty() || closed) {
      return;
    }
    for (Anomaly anomaly : anomalies) {
      offer(new AnomalyEvent(anomaly));
    }
  }

  /** Takes an incident that was just committed. Never blocks; does little when nobody listens. */
  @Override
  public void onStored(IncidentChange change, Incident incident) {
    if (sessions.isEmpty() || closed) {
      return;
    }
    offer(new IncidentEvent(change, incident));
  }

  private void offer(Event event) {
    if (!queue.offer(event)) {
      dropped.increment();
      unreported.increment();
    }
  }

  @Override
  public void onOpen(WebSocketSession session) {
    if (opened.incrementAndGet() > sessionsMax || closed) {
      opened.decrementAndGet();
      refused.increment();
      session.close(TRY_AGAIN_LATER, "too many live streams");
      return;
    }
    // The handshake was admitted, so the query is known to be good.
    LiveFilter filter = LiveFilter.of(session.head().query());
    session.send(json(new Hello("hello", clock.instant())));
    sessions.put(session, filter);
    if (!session.isOpen()) {
      forget(session);
    }
  }

  @Override
  public void onClose(WebSocketSession session, int code, String reason) {
    forget(session);
  }

  private void forget(WebSocketSession session) {
    if (sessions.remove(session) != null) {
      opened.decrementAndGet();
    }
  }

  /** How many streams are open. */
  public int openSessions() {
    return sessions.size();
  }

  /** Messages with an anomaly or an incident that were given to sessions. */
  public long pushed() {
    return pushed.sum();
  }

  /** Anomalies and incidents that were left out because the queue was full. */
  public long dropped() {
    return dropped.sum();
  }

  /** Streams refused because there are too many. */
  public long refused() {
    return refused.sum();
  }

  private void run() {
    try {
      while (!closed) {
        Event event = queue.poll(1, TimeUnit.SECONDS);
        if (event != null) {
          push(event);
        }
        reportDropped();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // close() asks for the end
    }
  }

  private void push(Event event) {
    String text = null;
    for (Map.Entry<WebSocketSession, LiveFilter> entry : sessions.entrySet()) {
      if (event.isWanted(entry.getValue())) {
        text = text == null ? json(event.message()) : text;
        if (entry.getKey().send(text)) {
          pushed.increment();
        }
      }
    }
  }

  private void reportDropped() {
    long count = unreported.sumThenReset();
    if (count > 0) {
      String text = json(new Dropped("dropped", count));
      sessions.keySet().forEach(session -> session.send(text));
    }
  }

  private String json(Object message) {
    try {
      return mapper.writeValueAsString(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a live message cannot be written", e);
    }
  }

  /** Says good-bye to all sessions and ends the thread. */
  @Override
  public void close() {
    closed = true;
    sessions.keySet().forEach(session -> session.close(GOING_AWAY, "the sink is stopping"));
    Thread running = thread;
    if (running == null) {
      return;
    }
    running.interrupt();
    try {
      if (!running.join(STOP_LIMIT)) {
        logger.error("the live feed did not stop; left behind");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
