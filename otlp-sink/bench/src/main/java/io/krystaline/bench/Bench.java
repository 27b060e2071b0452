package io.krystaline.bench;

import io.krystaline.bench.load.BatchPool;
import io.krystaline.bench.load.CompressedBatches;
import io.krystaline.bench.load.Compression;
import io.krystaline.bench.load.EventClock;
import io.krystaline.bench.load.Limited;
import io.krystaline.bench.load.MessageSource;
import io.krystaline.bench.load.SimulatedLoad;
import io.krystaline.bench.load.SingleSpan;
import io.krystaline.bench.measure.Receiver;
import io.krystaline.bench.measure.Report;
import io.krystaline.bench.measure.RoundResult;
import io.krystaline.bench.measure.RoundRunner;
import io.krystaline.bench.measure.SinkReceiver;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One run of the benchmark: start, teach, warm up, rounds, figures. Used once, by one thread. */
final class Bench {
  private static final Duration RECALCULATION_LIMIT = Duration.ofMinutes(10);
  private static final Duration TEACHING_LIMIT = Duration.ofMinutes(30);
  private static final long TAUGHT_SPANS_MAX = 20_000_000;

  private final BenchSettings settings;
  private final SinkCommandLine sinkCommandLine;
  private final PrintWriter out;
  private final EventClock clock;
  private final InstantSource wall;
  private final List<BatchPool> pools;
  private final RoundRunner runner;

  Bench(
      BenchSettings settings,
      SinkCommandLine sinkCommandLine,
      PrintWriter out,
      InstantSource wall,
      SecureRandom random) {
    this.settings = settings;
    this.sinkCommandLine = sinkCommandLine;
    this.out = out;
    this.wall = wall;
    this.clock = new EventClock(wall);
    this.pools =
        SimulatedLoad.pools(
            settings.shape(),
            settings.connections(),
            settings.inFlight(),
            random.nextLong(),
            clock);
    this.runner =
        new RoundRunner(
            clock, SingleSpan.operations(settings.shape()), settings.probeInterval(), random);
  }

  /** Whether all counts of all rounds added up. */
  boolean run() throws InterruptedException {
    try (ScratchFolder folder = ScratchFolder.make();
        SinkReceiver sink = sink(folder)) {
      say("%s at %s:%d".formatted(sink.name(), sink.host(), sink.grpcPort()));
      List<RoundResult> rounds = new ArrayList<>();
      Report report = new Report(out);
      try (Exporter exporter = exporter(sink, settings.connections(), settings.compression());
          Exporter control = exporter(sink, 1, Compression.NONE)) {
        teach(sink);
        warmUp(sink, exporter);
        for (int round = 1; round <= settings.rounds(); round++) {
          RoundResult result =
              runner.run(round, sink, exporter, control, sources(), pace(settings.duration()));
          report.round(result);
          rounds.add(result);
        }
      }
      report.summary(List.of(rounds));
      return rounds.stream().allMatch(round -> round.differences().isEmpty());
    }
  }

  private SinkReceiver sink(ScratchFolder folder) {
    if (settings.target().isPresent()) {
      return SinkReceiver.at(settings.target().get(), wall);
    }
    say("starting a sink ...");
    Map<String, String> environment =
        settings.sinkJavaOptions().isEmpty()
            ? Map.of()
            : Map.of("KRYSTALINE_JAVA_OPTS", settings.sinkJavaOptions().get());
    return SinkReceiver.start(
        sinkCommandLine, folder.path(), settings.sinkSettings(), environment, wall);
  }

  private Exporter exporter(Receiver receiver, int connections, Compression compression) {
    return new GrpcExporter(receiver.host(), receiver.grpcPort(), connections, compression);
  }

  /** Lets a sink learn every operation, and build its baselines from that. */
  private void teach(SinkReceiver sink) throws InterruptedException {
    long spans =
        Math.min(
            TAUGHT_SPANS_MAX,
            (long) settings.taughtSpansPerOperation() * settings.shape().operations());
    if (spans == 0) {
      return;
    }
    try (Exporter exporter = exporter(sink, settings.connections(), Compression.NONE)) {
      LoadResult taught =
          new LoadRun(
                  exporter,
                  Limited.all(pools, spans),
                  new Pace(settings.inFlight(), 0, TEACHING_LIMIT))
              .run();
      if (taught.failedCalls() > 0) {
        throw new IllegalStateException("the sink can't be taught: " + taught.trouble());
      }
      say("taught %,d spans in %.1f s".formatted(taught.acceptedSpans(), seconds(taught)));
    }
    sink.recalculate(RECALCULATION_LIMIT);
  }

  private void warmUp(Receiver receiver, Exporter exporter) throws InterruptedException {
    long end = System.nanoTime() + settings.warmUp().toNanos();
    for (long left = settings.warmUp().toNanos(); left > 0; left = end - System.nanoTime()) {
      LoadResult warm = new LoadRun(exporter, sources(), pace(Duration.ofNanos(left))).run();
      say(
          "warm-up of %s: %,.0f spans/s over %.1f s"
              .formatted(receiver.name(), warm.acceptedSpans() / seconds(warm), seconds(warm)));
      if (warm.failedCalls() > 0) {
        throw new IllegalStateException(receiver.name() + " fails: " + warm.trouble());
      }
    }
  }

  private List<? extends MessageSource> sources() {
    if (settings.compression() == Compression.NONE) {
      return pools;
    }
    long spans = settings.compressedSpans() / pools.size();
    return pools.stream()
        .map(pool -> CompressedBatches.of(pool, settings.compression(), spans))
        .toList();
  }

  private Pace pace(Duration duration) {
    return new Pace(settings.inFlight(), settings.spansPerSecond(), duration);
  }

  private static double seconds(LoadResult result) {
    return Math.max(1e-9, result.elapsed().toNanos() / 1e9);
  }

  private void say(String text) {
    out.println(text);
    out.flush();
  }
}
