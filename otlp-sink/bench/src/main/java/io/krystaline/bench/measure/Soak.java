package io.krystaline.bench.measure;

import io.krystaline.bench.load.EventClock;
import io.krystaline.bench.load.MessageSource;
import io.krystaline.bench.load.NewOperations;
import io.krystaline.bench.load.SingleSpan;
import io.krystaline.bench.process.DatabaseRestart;
import io.krystaline.bench.process.JvmProbe;
import io.krystaline.bench.process.ProcessTimes;
import io.krystaline.bench.send.Exporter;
import io.krystaline.bench.send.LoadResult;
import io.krystaline.bench.send.LoadRun;
import io.krystaline.bench.send.Pace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.random.RandomGenerator;
import org.HdrHistogram.Histogram;

/**
 * Wears a sink out: a steady load, operations that come once and never again, readers of the live
 * stream that read nothing, two recalculations, and a database that goes away in the middle. Tells
 * memory and latency of each interval, and what is lost. Used once, by one thread.
 */
public final class Soak {
  private static final Duration PROBE_INTERVAL = Duration.ofMillis(500);
  private static final Duration RECALCULATION_LIMIT = Duration.ofMinutes(10);

  /** What the heap may have grown from the second quarter to the last, at most. */
  private static final double GROWTH_MAX = 1.15;

  private static final double MEBIBYTE = 1 << 20;
  private static final double NANOS_PER_MILLI = 1e6;

  private final SoakSettings settings;
  private final SinkReceiver sink;
  private final Path folder;
  private final List<SingleSpan.Of> operations;
  private final EventClock clock;
  private final RandomGenerator random;
  private final PrintWriter out;
  private final List<String> differences = Collections.synchronizedList(new ArrayList<>());
  private final List<Double> heapMebibytes = new ArrayList<>();
  private long accepted;
  private long refused;
  private long sureAnomalies;

  /**
   * A soak of a sink that has learned the load.
   *
   * @param folder gets what the restarted database prints
   * @param operations that the sink knows, for probes
   */
  public Soak(
      SoakSettings settings,
      SinkReceiver sink,
      Path folder,
      List<SingleSpan.Of> operations,
      EventClock clock,
      RandomGenerator random,
      PrintWriter out) {
    this.settings = settings;
    this.sink = sink;
    this.folder = folder;
    this.operations = List.copyOf(operations);
    this.clock = clock;
    this.random = random;
    this.out = out;
  }

  /** What one interval gave. */
  private record Interval(LoadResult load, LoadResult churn, AnomalyProbe.Result probed) {}

  /**
   * Runs to its end and prints a line for each interval.
   *
   * @param exporter what the load goes through
   * @param control what probes go through
   * @param churning what new operations go through
   * @return whether nothing is lost and memory stays
   */
  public boolean run(
      Exporter exporter, Exporter control, Exporter churning, List<? extends MessageSource> sources)
      throws InterruptedException {
    out.printf(
        "%,.0f spans/s, %d readers that read nothing, %d new operations/s%n",
        settings.spansPerSecond(), settings.slowReaders(), settings.newOperationsPerSecond());
    out.println(
        "interval  spans/s  refused  ack ms p50, p99, max  readable ms p99  heap MiB  resident"
            + " MiB");
    AnomalyProbe probe =
        new AnomalyProbe(
            control,
            sink.api().orElseThrow(),
            new SureAnomalies(operations, clock, random),
            PROBE_INTERVAL);
    SinkCounts before = sink.counts();
    MessageSource newOperations = new NewOperations(clock, random);
    for (int number = 1; number <= settings.intervals(); number++) {
      LoadRun load = load(exporter, sources, settings.spansPerSecond());
      LoadRun churn = load(churning, List.of(newOperations), settings.newOperationsPerSecond());
      interval(number, probe, load, churn);
    }
    sink.settleAnomalies();
    reconcile(sink.counts().since(before));
    flat();
    differences.forEach(text -> out.println("DOES NOT ADD UP: " + text));
    out.flush();
    return differences.isEmpty();
  }

  private LoadRun load(
      Exporter exporter, List<? extends MessageSource> sources, double spansPerSecond) {
    return new LoadRun(
        exporter, sources, new Pace(settings.inFlight(), spansPerSecond, settings.interval()));
  }

  private void interval(int number, AnomalyProbe probe, LoadRun load, LoadRun churn)
      throws InterruptedException {
    int away = settings.intervals() / 2;
    String event = "";
    Thread disturbance = null;
    if (number == away) {
      event = "the database is away for " + settings.databaseAway().toMillis() / 1e3 + " s";
      disturbance = disturb(this::restartDatabase);
    } else if (number == settings.intervals() / 4 || number == settings.intervals() * 3 / 4) {
      event = "a recalculation";
      disturbance = disturb(() -> sink.recalculate(RECALCULATION_LIMIT));
    }
    Interval result;
    SlowReaders readers = SlowReaders.open(sink.live(), settings.slowReaders());
    try {
      AnomalyProbe.Running probing = probe.start();
      FutureTask<LoadResult> churned = new FutureTask<>(churn::run);
      Thread.ofPlatform().name("churn").daemon().start(churned);
      LoadResult loaded = load.run();
      result = new Interval(loaded, churned.get(), probing.stop());
    } catch (ExecutionException e) {
      throw new IllegalStateException("the load of new operations failed", e);
    } finally {
      readers.abort();
    }
    if (disturbance != null) {
      disturbance.join();
    }
    // The sink asks once a second whether its database is back: that may be in the next interval.
    boolean databaseAway = number == away || number == away + 1;
    count(number, result.load(), databaseAway);
    count(number, result.churn(), databaseAway);
    count(number, result.probed(), databaseAway);
    double heap = sink.jvm().map(JvmProbe::heapAfterCollection).orElse(0L) / MEBIBYTE;
    heapMebibytes.add(heap);
    print(number, result, heap, event);
  }

  private interface Disturbance {
    void run() throws InterruptedException;
  }

  private Thread disturb(Disturbance what) {
    return Thread.ofPlatform()
        .name("disturbance")
        .daemon()
        .start(
            () -> {
              try {
                Thread.sleep(settings.interval().dividedBy(4));
                what.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                differences.add("a disturbance failed: " + e);
              }
            });
  }

  private void restartDatabase() throws InterruptedException {
    long pid =
        sink.databasePid().orElseThrow(() -> new IllegalStateException("no database process"));
    sink.databaseIs(DatabaseRestart.restart(pid, settings.databaseAway(), folder));
  }

  private void count(int number, AnomalyProbe.Result probed, boolean databaseAway) {
    accepted += probed.accepted();
    sureAnomalies += probed.accepted();
    if (!probed.trouble().isEmpty() && !databaseAway) {
      differences.add("interval %d: %s".formatted(number, probed.trouble()));
    }
  }

  private void count(int number, LoadResult load, boolean databaseAway) {
    accepted += load.acceptedSpans();
    refused += load.refusedSpans();
    if (load.failedCalls() > 0) {
      differences.add(
          "interval %d: %d calls failed for good: %s"
              .formatted(number, load.failedCalls(), load.trouble()));
    }
    if (load.refusedSpans() > 0 && !databaseAway) {
      differences.add(
          "interval %d: %,d spans were refused: %s"
              .formatted(number, load.refusedSpans(), load.trouble()));
    }
  }

  private void print(int number, Interval result, double heap, String event) {
    LoadResult load = result.load();
    Histogram ack = load.answerNanos();
    out.printf(
        "%8d  %7.0f  %7d  %6.1f %7.1f %7.0f  %15.1f  %8.0f  %12.0f  %s%n",
        number,
        load.acceptedSpans() / (load.elapsed().toNanos() / 1e9),
        load.refusedSpans(),
        ack.getValueAtPercentile(50) / NANOS_PER_MILLI,
        ack.getValueAtPercentile(99) / NANOS_PER_MILLI,
        ack.getMaxValue() / NANOS_PER_MILLI,
        result.probed().readableNanos().getValueAtPercentile(99) / NANOS_PER_MILLI,
        heap,
        sink.pid().map(ProcessTimes::residentBytes).orElse(0L) / MEBIBYTE,
        event);
    out.flush();
  }

  /**
   * A message that was scored and whose anomalies could not be committed was refused: so between
   * what was accepted and what was sent. A transaction of which the sink did not learn the end may
   * have been committed.
   */
  private void reconcile(SinkCounts sinkCounts) {
    out.printf(
        "accepted %,d spans, refused %,d; scored %,d; anomalies committed %,d, stored %,d, of which"
            + " %,d were surely anomalous%n",
        accepted,
        refused,
        sinkCounts.scored(),
        sinkCounts.anomaliesCommitted(),
        sinkCounts.anomaliesStored(),
        sureAnomalies);
    if (sinkCounts.scored() < accepted || sinkCounts.scored() > accepted + refused + lostProbes()) {
      differences.add("spans scored are not between those accepted and those sent");
    }
    if (sinkCounts.anomaliesStored() < sinkCounts.anomaliesCommitted()) {
      differences.add("anomalies were committed that are not stored");
    }
    if (sinkCounts.anomaliesStored() > sinkCounts.anomaliesCommitted() + refused) {
      differences.add("anomalies are stored that nobody has committed");
    }
    if (sinkCounts.anomaliesStored() < sureAnomalies) {
      differences.add("sure anomalies are not stored");
    }
  }

  /**
   * Probes that were refused while the database was away: at most as many as there was time for.
   */
  private long lostProbes() {
    return settings.interval().dividedBy(PROBE_INTERVAL) + 1;
  }

  private void flat() {
    int quarter = settings.intervals() / 4;
    int count = heapMebibytes.size();
    double early = Spread.of(heapMebibytes.subList(quarter, 2 * quarter)).median();
    double late = Spread.of(heapMebibytes.subList(count - quarter, count)).median();
    out.printf(
        "heap after a collection: %.0f MiB in the second quarter, %.0f MiB in the last%n",
        early, late);
    if (late > early * GROWTH_MAX) {
      differences.add("the heap grows");
    }
  }
}
