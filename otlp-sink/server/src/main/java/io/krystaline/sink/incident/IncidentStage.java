package io.krystaline.sink.incident;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.engine.incident.IncidentListener;
import io.krystaline.engine.span.TraceId;
import io.krystaline.platform.db.DatabaseUnavailableException;
import io.krystaline.platform.telemetry.Metrics;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between detection and the recorder: asks for the sample traces of an incident to be kept, hands
 * it on at once, and adds to its later states what those traces tell. A thread of its own, since
 * traces are read from the store. When it falls behind, states go on as they are, and are counted.
 */
public final class IncidentStage implements IncidentListener, AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(IncidentStage.class);
  private static final int WAITING_MAX = 1_000;
  private static final long POLL_MILLIS = 100;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private record State(IncidentChange change, Incident incident) {}

  private final IncidentEnricher enricher;
  private final IncidentListener next;
  private final Consumer<TraceId> capture;
  private final BlockingQueue<State> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final AtomicLong plain = new AtomicLong();
  private final Thread thread;
  private volatile boolean closing;

  /**
   * A stage that is not started.
   *
   * @param next told of every state, in order
   * @param capture asked to keep a trace; must not block
   */
  public IncidentStage(
      IncidentEnricher enricher, IncidentListener next, Consumer<TraceId> capture) {
    this.enricher = enricher;
    this.next = next;
    this.capture = capture;
    this.thread = Thread.ofPlatform().name("incident-stage").daemon().unstarted(this::run);
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  @Override
  public void onIncident(IncidentChange change, Incident incident) {
    incident.sampleTraces().forEach(capture);
    incident.normalTraces().forEach(capture);
    if (!waiting.offer(new State(change, incident))) {
      plain.incrementAndGet();
      next.onIncident(change, enricher.classify(incident));
    }
  }

  /** States that went on without what their traces tell. */
  public long plain() {
    return plain.get();
  }

  /** Shows its counter. */
  public void registerWith(Metrics metrics) {
    metrics.counter(
        "krystaline.sink.incidents.plain",
        "States of incidents that went on without what their traces tell",
        this::plain);
  }

  /** Hands on what waits, and stops. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(CLOSE_LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closing || !waiting.isEmpty()) {
        State state = waiting.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (state != null) {
          next.onIncident(state.change, complete(state));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Incident complete(State state) {
    Incident incident = state.incident;
    if (state.change == IncidentChange.OPENED) {
      return enricher.classify(incident);
    }
    try {
      return enricher.enrich(incident);
    } catch (DatabaseUnavailableException e) {
      plain.incrementAndGet();
      logger.warn("the traces of incident {} can't be read: {}", incident.id(), e.getMessage());
      return enricher.classify(incident);
    } catch (RuntimeException e) {
      plain.incrementAndGet();
      logger.error("the traces of incident {} can't be read", incident.id(), e);
      return enricher.classify(incident);
    }
  }
}
