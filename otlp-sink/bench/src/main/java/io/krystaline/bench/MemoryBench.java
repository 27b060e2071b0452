package io.krystaline.bench;

import io.krystaline.bench.load.Compression;
import io.krystaline.bench.load.Encoding;
import io.krystaline.bench.load.EventClock;
import io.krystaline.bench.load.Limited;
import io.krystaline.bench.load.Load;
import io.krystaline.bench.load.SimulatedLoad;
import io.krystaline.bench.measure.SinkReceiver;
import io.krystaline.bench.process.JvmProbe;
import io.krystaline.bench.process.ScratchFolder;
import io.krystaline.bench.process.SinkCommandLine;
import io.krystaline.bench.send.Exporter;
import io.krystaline.bench.send.GrpcExporter;
import io.krystaline.bench.send.LoadResult;
import io.krystaline.bench.send.LoadRun;
import io.krystaline.bench.send.Pace;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What an operation costs in memory: two sinks, one after the other, see so many operations in each
 * of the last 168 hours, build baselines of them, and tell their heap after a collection. The
 * difference, divided by that of the operations, leaves out what every sink has. Used once.
 */
final class MemoryBench {
  private static final int HOURS = 168;

  /** So that rare operations are also seen in every hour. */
  private static final int SPANS_AN_OPERATION_AND_HOUR = 24;

  /** What a sink holds of hours that are not written yet, with room to spare. */
  private static final int PENDING_HOURS_MAX = 60_000;

  private static final Duration LIMIT = Duration.ofMinutes(30);

  private final BenchSettings settings;
  private final SinkCommandLine sinkCommandLine;
  private final PrintWriter out;
  private final InstantSource wall;
  private final SecureRandom random;

  MemoryBench(
      BenchSettings settings,
      SinkCommandLine sinkCommandLine,
      PrintWriter out,
      InstantSource wall,
      SecureRandom random) {
    this.settings = settings;
    this.sinkCommandLine = sinkCommandLine;
    this.out = out;
    this.wall = wall;
    this.random = random;
  }

  void run() throws InterruptedException {
    int few = settings.memoryOperations().get(0);
    int many = settings.memoryOperations().get(1);
    long heapOfFew = heap(few);
    long heapOfMany = heap(many);
    out.printf(
        "memory per operation: %,.0f bytes%n", (heapOfMany - heapOfFew) / (double) (many - few));
    out.flush();
  }

  private long heap(int operations) throws InterruptedException {
    Map<String, String> sinkSettings = new HashMap<>(settings.sinkSettings());
    sinkSettings.putIfAbsent("keep.checkpoint-interval", "1s");
    sinkSettings.putIfAbsent("limits.operations-per-service", Integer.toString(operations));
    sinkSettings.putIfAbsent("limits.operations", Integer.toString(2 * operations + 1_000));
    Map<String, String> environment = new HashMap<>();
    settings.sinkJavaOptions().ifPresent(opts -> environment.put("KRYSTALINE_JAVA_OPTS", opts));
    try (ScratchFolder folder = ScratchFolder.make();
        SinkReceiver sink =
            SinkReceiver.start(sinkCommandLine, folder.path(), sinkSettings, environment, wall)) {
      long spans = fill(sink, operations);
      sink.awaitCheckpoint(LIMIT);
      sink.recalculate(LIMIT);
      sink.awaitCheckpoint(LIMIT);
      JvmProbe jvm =
          sink.jvm().orElseThrow(() -> new IllegalStateException("the sink's JVM is not reached"));
      long heap = jvm.heapAfterCollection();
      out.printf(
          "%,d operations in %d hours, %,d spans: heap after a collection %,d bytes%n",
          operations, HOURS, spans, heap);
      out.flush();
      return heap;
    }
  }

  private long fill(SinkReceiver sink, int operations) throws InterruptedException {
    Instant last = wall.instant().truncatedTo(ChronoUnit.HOURS);
    AtomicReference<Instant> time = new AtomicReference<>(last);
    Load load =
        SimulatedLoad.of(
            settings.shape().withOperations(operations),
            Encoding.PROTOBUF,
            1,
            settings.inFlight(),
            random.nextLong(),
            new EventClock(time::get));
    int hoursBetweenCheckpoints = Math.max(1, PENDING_HOURS_MAX / operations);
    long spans = 0;
    try (Exporter exporter = new GrpcExporter(sink.host(), sink.grpcPort(), 1, Compression.NONE)) {
      for (int hour = 0; hour < HOURS; hour++) {
        time.set(last.minus(HOURS - hour, ChronoUnit.HOURS).plus(30, ChronoUnit.MINUTES));
        LoadResult result =
            new LoadRun(
                    exporter,
                    Limited.all(load.pools(), (long) SPANS_AN_OPERATION_AND_HOUR * operations),
                    new Pace(settings.inFlight(), 0, LIMIT))
                .run();
        if (result.failedCalls() > 0) {
          throw new IllegalStateException("the sink fails: " + result.trouble());
        }
        spans += result.acceptedSpans();
        if (hour % hoursBetweenCheckpoints == hoursBetweenCheckpoints - 1) {
          sink.awaitCheckpoint(LIMIT);
        }
      }
    }
    return spans;
  }
}
