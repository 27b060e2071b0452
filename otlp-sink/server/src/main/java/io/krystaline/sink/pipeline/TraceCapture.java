package io.krystaline.sink.pipeline;

import io.krystaline.engine.decode.SpanExtractor;
import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import io.krystaline.platform.db.DatabaseUnavailableException;
import io.krystaline.sink.pipeline.PipelineCounters.Uncaptured;
import io.krystaline.sink.store.AnomalyStore;
import io.krystaline.sink.store.TraceSpan;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers the whole traces of anomalies: looks back through the buffer of recent spans when an
 * anomaly is committed, and goes on looking at what arrives until the trace's time is over.
 *
 * <p>It runs on a thread of its own over the lanes' rings, so that the hot path does nothing for it
 * but keep its bytes. One pass serves all traces that are wanted at the time; every few passes it
 * also looks back over whole rings for the traces that were asked for since. The anomalous span
 * itself is stored with the anomaly; what is gathered here is best effort, limited, and counted
 * where it falls short.
 */
public final class TraceCapture implements AnomalyListener, AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(TraceCapture.class);
  private static final int WRITE_SPANS_MAX = 2_000;

  /** Passes over what is new for each look back over everything, which costs much more. */
  private static final int PASSES_PER_LOOK_BACK = 5;

  /** Whether a trace is one of the few that explain an incident: those are not rate limited. */
  private record Request(TraceId traceId, boolean sample) {}

  private static final class Wanted {
    private final long untilNanos;
    private final boolean sample;
    private int spans;

    Wanted(long untilNanos, boolean sample) {
      this.untilNanos = untilNanos;
      this.sample = sample;
    }
  }

  private final AnomalyStore store;
  private final List<SpanRing> rings;
  private final RecentShare recent;
  private final SpanExtractor extractor = new SpanExtractor();
  private final long[] cursors;
  private final PipelineSettings settings;
  private final PipelineCounters counters;
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requestCount = new AtomicInteger();
  private final Map<TraceId, Wanted> wanted = new LinkedHashMap<>();

  /** All that are wanted, and some that were: those that are gone are left out now and then. */
  private final TraceFilter filter;

  private final TraceFilter freshFilter;
  private int goneFromWanted;
  private int samplesWanted;
  private long droppedForRate;
  private int passes;
  private final List<TraceSpan> found = new ArrayList<>();
  private final Thread thread;
  private long secondStartNanos;
  private int secondSpans;
  private volatile boolean closing;

  /** A capture over the lanes' rings, not started. */
  public TraceCapture(
      AnomalyStore store, Lanes lanes, PipelineSettings settings, PipelineCounters counters) {
    this.store = store;
    this.rings = lanes.list().stream().map(Lane::ring).toList();
    this.recent = lanes.recent();
    this.cursors = new long[rings.size()];
    this.settings = settings;
    this.counters = counters;
    this.filter = new TraceFilter(2 * settings.tracesMax());
    this.freshFilter = new TraceFilter(settings.tracesMax());
    this.thread = Thread.ofPlatform().name("trace-capture").daemon().unstarted(this::run);
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  @Override
  public void onCommitted(List<Anomaly> anomalies) {
    anomalies.forEach(anomaly -> request(new Request(anomaly.traceId(), false)));
  }

  /**
   * Asks for a trace that explains an incident to be gathered and stored as far as its spans are at
   * hand, however many spans of other traces are. Any thread.
   */
  public void want(TraceId traceId) {
    request(new Request(traceId, true));
  }

  private void request(Request request) {
    if (!recent.isKept(request.traceId())) {
      counters.uncaptured(Uncaptured.LEFT_OUT).increment();
    } else if (requestCount.incrementAndGet() > settings.tracesMax()) {
      requestCount.decrementAndGet();
      counters.uncaptured(Uncaptured.TRACE_LIMIT).increment();
    } else {
      requests.add(request);
    }
  }

  /** Looks once more, writes what it found, and stops. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closing) {
      LockSupport.parkNanos(settings.captureInterval().toNanos());
      pass();
    }
    pass();
  }

  private void pass() {
    try {
      recent.adapt(rings, System.nanoTime());
      look();
      write();
    } catch (RuntimeException e) {
      logger.error("a pass over the recent spans failed; the next one goes on", e);
      found.clear();
    }
  }

  private void look() {
    expire();
    List<TraceId> fresh = List.of();
    if (closing || ++passes % PASSES_PER_LOOK_BACK == 0) {
      fresh = takeRequests();
    }
    refreshFilter(fresh);
    long[] until = new long[cursors.length];
    for (int lane = 0; lane < cursors.length; lane++) {
      until[lane] = rings.get(lane).published();
    }
    if (!fresh.isEmpty()) {
      freshFilter.clear();
      fresh.forEach(freshFilter::add);
      for (int lane = 0; lane < cursors.length; lane++) {
        scan(lane, 0, cursors[lane], freshFilter);
      }
    }
    if (!wanted.isEmpty()) {
      for (int lane = 0; lane < cursors.length; lane++) {
        long gone = scan(lane, cursors[lane], until[lane], filter);
        counters.uncaptured(Uncaptured.OVERWRITTEN).add(gone);
      }
    }
    System.arraycopy(until, 0, cursors, 0, until.length);
    counters.uncaptured(Uncaptured.RATE).add(droppedForRate);
    droppedForRate = 0;
  }

  private void expire() {
    long now = System.nanoTime();
    Iterator<Wanted> oldest = wanted.values().iterator();
    while (oldest.hasNext()) {
      Wanted trace = oldest.next();
      if (trace.untilNanos - now >= 0) {
        return;
      }
      oldest.remove();
      forget(trace);
    }
  }

  private void forget(Wanted trace) {
    goneFromWanted++;
    samplesWanted -= trace.sample ? 1 : 0;
  }

  private void refreshFilter(List<TraceId> fresh) {
    if (goneFromWanted > settings.tracesMax() / 2) {
      filter.clear();
      wanted.keySet().forEach(filter::add);
      goneFromWanted = 0;
    } else {
      fresh.forEach(filter::add);
    }
  }

  /**
   * Takes the traces that were asked for since the last pass; a trace asked for again stays as it
   * is, unless it turns out to explain an incident.
   */
  private List<TraceId> takeRequests() {
    List<TraceId> fresh = new ArrayList<>();
    long untilNanos = System.nanoTime() + settings.traceWait().toNanos();
    for (Request request = requests.poll(); request != null; request = requests.poll()) {
      requestCount.decrementAndGet();
      TraceId id = request.traceId();
      Wanted known = wanted.get(id);
      if (known == null || (request.sample() && !known.sample)) {
        wanted.remove(id);
        makeRoom();
        wanted.put(id, new Wanted(untilNanos, request.sample()));
        samplesWanted += request.sample() ? 1 : 0;
        fresh.add(id);
      }
    }
    return fresh;
  }

  private void makeRoom() {
    if (wanted.size() >= settings.tracesMax()) {
      Iterator<Wanted> oldest = wanted.values().iterator();
      Wanted gone = oldest.next();
      oldest.remove();
      forget(gone);
      counters.uncaptured(Uncaptured.TRACE_LIMIT).increment();
    }
  }

  private long scan(int lane, long from, long until, TraceFilter traces) {
    return rings
        .get(lane)
        .scan(
            from,
            until,
            extractor::extract,
            new SpanRing.EntryVisitor() {
              @Override
              public boolean wants(long traceIdHigh, long traceIdLow) {
                return traces.contains(traceIdHigh, traceIdLow) && mayTake();
              }

              @Override
              public void onSpan(
                  long traceIdHigh, long traceIdLow, long spanId, long startNanos, byte[] span) {
                onFound(new TraceId(traceIdHigh, traceIdLow), spanId, startNanos, span);
              }
            });
  }

  private void onFound(TraceId traceId, long spanId, long startNanos, byte[] span) {
    Wanted trace = wanted.get(traceId);
    if (trace == null) {
      return;
    }
    if (trace.spans >= settings.traceSpansMax()) {
      counters.uncaptured(Uncaptured.TRACE_SIZE).increment();
    } else if (!trace.sample && !hasRate()) {
      counters.uncaptured(Uncaptured.RATE).increment();
    } else {
      secondSpans++;
      trace.spans++;
      found.add(new TraceSpan(traceId, new SpanId(spanId), startNanos, span));
    }
  }

  /** Spares the copy where it would surely be dropped for the rate. */
  private boolean mayTake() {
    if (samplesWanted > 0 || hasRate()) {
      return true;
    }
    droppedForRate++;
    return false;
  }

  private boolean hasRate() {
    long now = System.nanoTime();
    if (now - secondStartNanos >= TimeUnit.SECONDS.toNanos(1)) {
      secondStartNanos = now;
      secondSpans = 0;
    }
    return secondSpans < settings.captureSpansPerSecondMax();
  }

  private void write() {
    for (int from = 0; from < found.size(); from += WRITE_SPANS_MAX) {
      List<TraceSpan> part = found.subList(from, Math.min(found.size(), from + WRITE_SPANS_MAX));
      try {
        long dropped = store.saveSpans(part);
        counters.uncaptured(Uncaptured.TRACE_SIZE).add(dropped);
        counters.capturedSpans().add(part.size() - dropped);
      } catch (DatabaseUnavailableException e) {
        counters.uncaptured(Uncaptured.STORE_UNAVAILABLE).add(part.size());
        logger.warn(
            "{} spans of marked traces could not be stored: {}", part.size(), e.getMessage());
      }
    }
    found.clear();
  }
}
