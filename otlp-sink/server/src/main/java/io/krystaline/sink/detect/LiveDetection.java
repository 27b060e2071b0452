package io.krystaline.sink.detect;

import io.krystaline.engine.assemble.AssemblyCounts;
import io.krystaline.engine.assemble.TraceAssembler;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.detect.AlarmRules;
import io.krystaline.engine.detect.DetectionCounts;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.engine.incident.IncidentListener;
import io.krystaline.engine.incident.LearningGuard;
import io.krystaline.engine.release.ReleaseDirectory;
import io.krystaline.engine.release.ReleaseState;
import io.krystaline.platform.telemetry.Metrics;
import io.krystaline.sink.pipeline.SpanFeed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assembles traces from the lanes' spans and detects incidents in them, on one thread.
 *
 * <p>Event time follows the spans. When none arrive for a while it goes on at the pace of the
 * clock, so that an incident also ends when its traffic does. When the thread can't keep up, whole
 * traces are left out, and counted.
 */
public final class LiveDetection implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(LiveDetection.class);
  private static final int DRAIN_SPANS_MAX = 4_096;
  private static final long PARK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** With fewer spans than this in a pass the next one can wait, so that it has more to do. */
  private static final int SPANS_WORTH_A_PASS = 2_048;

  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final double CROWDED = 0.8;
  private static final long RATE_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final double MAY_DOUBLE_BELOW = 0.4;

  /** An incident whose last state is older than this is not happening now. */
  private static final Duration NOW = Duration.ofHours(1);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  private final int spansPerSecondMax;
  private final OperationDirectory directory;
  private final InstantSource clock;
  private final List<SpanFeed> feeds;
  private final long[] lostSeen;
  private final LearningGuard guard;
  private final DetectionStages stages;
  private final TraceAssembler assembler;
  private final Thread thread;
  private int registered;
  private long lastAdvanceAt;
  private long lastSpanAt;
  private long lastShedAt;
  private long periodStart;
  private long periodSpans;
  private volatile boolean closing;
  private volatile AssemblyCounts assemblyCounts;
  private volatile DetectionCounts detectionCounts;
  private final AtomicLong failures = new AtomicLong();

  /**
   * Detection that has not started.
   *
   * @param listener told of incidents on the detecting thread
   * @param hashSeed a number that no sender can guess
   */
  public LiveDetection(
      DetectionSetup settings,
      OperationDirectory directory,
      List<SpanFeed> feeds,
      IncidentListener listener,
      InstantSource clock,
      long hashSeed) {
    this.spansPerSecondMax = settings.spansPerSecondMax();
    this.directory = directory;
    this.clock = clock;
    this.feeds = List.copyOf(feeds);
    this.lostSeen = new long[feeds.size()];
    this.guard = new LearningGuard(directory, settings.incidents().withholdMax());
    IncidentListener guarded =
        (change, incident) -> {
          guard(change, incident);
          listener.onIncident(change, incident);
        };
    this.stages = new DetectionStages(settings, releases(feeds), guarded, hashSeed);
    this.assembler = stages.assembler();
    this.assemblyCounts = assembler.counts();
    this.detectionCounts = stages.counts();
    this.thread = Thread.ofPlatform().name("detection").daemon().unstarted(this::run);
  }

  /** All lanes number releases alike. */
  private static ReleaseDirectory releases(List<SpanFeed> feeds) {
    return feeds.isEmpty() ? new ReleaseDirectory() : feeds.get(0).releases();
  }

  /** The versions of services that were seen, the latest first. Any thread; some seconds old. */
  public List<ReleaseState> releases() {
    return stages.releases();
  }

  /**
   * Guards what is learned from what is happening now. Of a stream that is replayed faster than it
   * happened everything is learned, as offline: what it would leave out would depend on its speed.
   */
  private void guard(IncidentChange change, Incident incident) {
    Instant updated = Instant.ofEpochSecond(0, incident.updatedNanos());
    if (!incident.isOpen() || updated.isAfter(clock.instant().minus(NOW))) {
      guard.onIncident(change, incident);
    }
  }

  /** Puts other rules in force, from the next tick on. Any thread. */
  public void rules(AlarmRules inForce) {
    stages.rules(inForce);
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  /** Stops after what has been read. Incidents that are open stay open. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(CLOSE_LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Registers how detection is doing. */
  public void registerWith(Metrics metrics) {
    metrics.gauge("krystaline.sink.detection.traces", "Traces held", () -> assemblyCounts.traces());
    metrics.gauge(
        "krystaline.sink.detection.streams", "Streams watched", () -> detectionCounts.streams());
    metrics.gauge(
        "krystaline.sink.detection.alarms", "Streams in alarm", () -> detectionCounts.alarms());
    metrics.counter(
        "krystaline.sink.detection.spans.assembled",
        "Spans judged in their traces",
        () -> assemblyCounts.assembled());
    metrics.counter(
        "krystaline.sink.detection.spans.late",
        "Spans that arrived after their tick had closed",
        () -> assemblyCounts.late());
    metrics.counter(
        "krystaline.sink.detection.spans.shed",
        "Spans left out with their whole traces",
        this::shed);
    metrics.counter(
        "krystaline.sink.detection.alarms.quieted",
        "Alarms that a rule kept back",
        stages::quieted);
    metrics.counter(
        "krystaline.sink.detection.spans.withheld",
        "Spans that did not teach a baseline, as an open incident covered their operation",
        directory::withheldSpans);
    metrics.counter(
        "krystaline.sink.detection.failures", "Failures of the detecting thread", failures::get);
  }

  private long shed() {
    long leftOut = 0;
    for (SpanFeed feed : feeds) {
      leftOut += feed.leftOut();
    }
    return leftOut + assemblyCounts.shed();
  }

  private void run() {
    lastSpanAt = System.nanoTime();
    lastAdvanceAt = lastSpanAt;
    periodStart = lastSpanAt;
    try {
      while (!closing) {
        passOrCount();
      }
    } finally {
      guard.release(); // nothing would end an incident any more
    }
  }

  private void passOrCount() {
    try {
      if (!pass()) {
        LockSupport.parkNanos(PARK_NANOS);
      }
    } catch (RuntimeException e) {
      failures.incrementAndGet();
      logger.error("detection failed on a span; it goes on with the next", e);
    }
  }

  /** Whether there was enough to do for another pass right away. */
  private boolean pass() {
    int spans = 0;
    boolean crowded = false;
    for (int i = 0; i < feeds.size(); i++) {
      SpanFeed feed = feeds.get(i);
      crowded |= feed.fill() > CROWDED;
      spans += feed.drain(DRAIN_SPANS_MAX, this::add);
      long lost = feed.lost();
      if (lost > lostSeen[i]) {
        assembler.lost(lost - lostSeen[i]);
        lostSeen[i] = lost;
      }
    }
    long now = System.nanoTime();
    if (crowded && now - lastShedAt > TimeUnit.SECONDS.toNanos(1)) {
      assembler.shedMore();
      lastShedAt = now;
    }
    periodSpans += spans;
    if (now - periodStart >= RATE_PERIOD_NANOS) {
      limitRate(now);
    }
    if (spans > 0) {
      lastSpanAt = now;
      lastAdvanceAt = now;
    } else if (now - lastSpanAt > IDLE_NANOS) {
      assembler.pass(now - lastAdvanceAt);
      lastAdvanceAt = now;
    }
    long kept = assembler.keptUpTo();
    feeds.forEach(feed -> feed.keep(kept));
    assemblyCounts = assembler.counts();
    detectionCounts = stages.counts();
    return spans >= SPANS_WORTH_A_PASS;
  }

  /** Leaves out whole traces where more arrives than may cost anything. */
  private void limitRate(long now) {
    double perSecond = periodSpans * (double) TimeUnit.SECONDS.toNanos(1) / (now - periodStart);
    assembler.mayTakeMore(perSecond < spansPerSecondMax * MAY_DOUBLE_BELOW);
    for (; perSecond > spansPerSecondMax; perSecond /= 2) {
      assembler.shedMore();
    }
    periodStart = now;
    periodSpans = 0;
  }

  private void add(
      int operation,
      long traceIdHigh,
      long traceIdLow,
      long spanId,
      long parentSpanId,
      int kind,
      int status,
      long startNanos,
      long endNanos,
      int release) {
    if (operation >= registered) {
      List<Operation> known = directory.operations();
      while (registered < known.size()) {
        stages.operations().register(known.get(registered++));
      }
    }
    assembler.add(
        operation,
        traceIdHigh,
        traceIdLow,
        spanId,
        parentSpanId,
        kind,
        status,
        startNanos,
        endNanos,
        release);
  }
}
