package io.krystaline.bench;

import io.krystaline.bench.BenchSettings.Opponent;
import io.krystaline.bench.load.CompressedBatches;
import io.krystaline.bench.load.Compression;
import io.krystaline.bench.load.Encoding;
import io.krystaline.bench.load.EventClock;
import io.krystaline.bench.load.Limited;
import io.krystaline.bench.load.Load;
import io.krystaline.bench.load.MessageSource;
import io.krystaline.bench.load.RecordedLoad;
import io.krystaline.bench.load.SimulatedLoad;
import io.krystaline.bench.measure.Figure;
import io.krystaline.bench.measure.JsonReport;
import io.krystaline.bench.measure.ProcessReceiver;
import io.krystaline.bench.measure.Receiver;
import io.krystaline.bench.measure.Report;
import io.krystaline.bench.measure.RoundResult;
import io.krystaline.bench.measure.RoundRunner;
import io.krystaline.bench.measure.SinkReceiver;
import io.krystaline.bench.measure.Soak;
import io.krystaline.bench.measure.SoakSettings;
import io.krystaline.bench.process.ScratchFolder;
import io.krystaline.bench.process.SinkCommandLine;
import io.krystaline.bench.send.Exporter;
import io.krystaline.bench.send.GrpcExporter;
import io.krystaline.bench.send.LoadResult;
import io.krystaline.bench.send.LoadRun;
import io.krystaline.bench.send.Pace;
import io.krystaline.bench.send.Protocol;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One run of the benchmark: start, teach, warm up, rounds, figures. Used once, by one thread. */
final class Bench {
  private static final Duration RECALCULATION_LIMIT = Duration.ofMinutes(10);
  private static final Duration TEACHING_LIMIT = Duration.ofMinutes(30);
  private static final double SOAK_SHARE = 0.6;
  private static final int SOAK_SLOW_READERS = 20;
  private static final int SOAK_NEW_OPERATIONS_PER_SECOND = 20;
  private static final long TAUGHT_SPANS_MAX = 20_000_000;

  private final BenchSettings settings;
  private final SinkCommandLine sinkCommandLine;
  private final PrintWriter out;
  private final Report report;
  private final EventClock clock;
  private final InstantSource wall;
  private final Load load;
  private final RoundRunner runner;
  private final SecureRandom random;

  Bench(
      BenchSettings settings,
      SinkCommandLine sinkCommandLine,
      PrintWriter out,
      InstantSource wall,
      SecureRandom random) {
    this.settings = settings;
    this.sinkCommandLine = sinkCommandLine;
    this.out = out;
    this.report = new Report(out);
    this.wall = wall;
    this.random = random;
    this.clock = new EventClock(wall);
    this.load = load(settings, random.nextLong(), clock);
    this.runner = new RoundRunner(clock, load.operations(), settings.probeInterval(), random);
  }

  private static Load load(BenchSettings settings, long idSeed, EventClock clock) {
    Encoding encoding = settings.protocol().encoding();
    int connections = settings.connections();
    int inFlight = settings.inFlight();
    return settings
        .recording()
        .map(
            file ->
                RecordedLoad.of(
                    file, settings.shape().batch(), encoding, connections, inFlight, idSeed, clock))
        .orElseGet(
            () ->
                SimulatedLoad.of(settings.shape(), encoding, connections, inFlight, idSeed, clock));
  }

  /** Whether all counts of all rounds added up. */
  boolean run() throws InterruptedException {
    try (ScratchFolder folder = ScratchFolder.make();
        SinkReceiver sink = sink(folder);
        @Nullable Receiver opponent = opponent(folder)) {
      List<Receiver> receivers = opponent == null ? List.of(sink) : List.of(sink, opponent);
      receivers.forEach(
          each -> say("%s at %s:%d".formatted(each.name(), each.host(), each.grpcPort())));
      teach(sink);
      List<RoundResult> warm = new ArrayList<>();
      for (Receiver receiver : receivers) {
        warm.addAll(warmUp(receiver));
      }
      List<List<RoundResult>> results = rounds(receivers);
      report.summary(results);
      settings
          .json()
          .ifPresent(
              file -> JsonReport.write(file, Map.of("settings", settings.toString()), results));
      return addUp(Stream.concat(warm.stream(), results.stream().flatMap(List::stream)));
    }
  }

  /**
   * Wears a sink out; whether it lost nothing and its memory stayed.
   *
   * @param interval how long each interval is
   */
  boolean soak(Duration interval) throws InterruptedException {
    try (ScratchFolder folder = ScratchFolder.make();
        SinkReceiver sink = sink(folder)) {
      teach(sink);
      double spansPerSecond = settings.spansPerSecond();
      List<RoundResult> warm = warmUp(sink);
      if (spansPerSecond == 0 && !warm.isEmpty()) {
        spansPerSecond = warm.getLast().figure(Figure.SPANS_PER_SECOND).orElse(0.0) * SOAK_SHARE;
      }
      SoakSettings soak =
          new SoakSettings(
              spansPerSecond,
              settings.inFlight(),
              settings.soakIntervals(),
              interval,
              SOAK_SLOW_READERS,
              SOAK_NEW_OPERATIONS_PER_SECOND,
              interval.dividedBy(6));
      try (Exporter exporter = exporter(sink, settings.compression());
          Exporter control = single(sink);
          Exporter churning = single(sink)) {
        boolean lostNothing =
            new Soak(soak, sink, folder.path(), load.operations(), clock, random, out)
                .run(exporter, control, churning, sources());
        return lostNothing && addUp(warm.stream());
      }
    }
  }

  /** Runs the rounds, the receivers in turn, so that what the machine does meets them alike. */
  private List<List<RoundResult>> rounds(List<Receiver> receivers) throws InterruptedException {
    List<List<RoundResult>> results = new ArrayList<>();
    receivers.forEach(receiver -> results.add(new ArrayList<>()));
    for (int round = 1; round <= settings.rounds(); round++) {
      for (int i = 0; i < receivers.size(); i++) {
        RoundResult result = round(round, receivers.get(i), settings.duration());
        report.round(result);
        results.get(i).add(result);
      }
    }
    return results;
  }

  private RoundResult round(int number, Receiver receiver, Duration length)
      throws InterruptedException {
    List<? extends MessageSource> sources = sources();
    Pace pace = pace(length);
    try (Exporter exporter = exporter(receiver, settings.compression())) {
      if (receiver.api().isEmpty()) {
        return runner.run(number, receiver, exporter, exporter, sources, pace);
      }
      try (Exporter control = single(receiver)) {
        return runner.run(number, receiver, exporter, control, sources, pace);
      }
    }
  }

  private static Exporter single(Receiver receiver) {
    return new GrpcExporter(receiver.host(), receiver.grpcPort(), 1, Compression.NONE);
  }

  private @Nullable Receiver opponent(ScratchFolder folder) {
    return switch (settings.against().orElse(null)) {
      case null -> null;
      case Opponent.Reference(String executor, String javaOptions) ->
          ProcessReceiver.reference(folder.path(), executor, javaOptions);
      case Opponent.Program(String command, int port) ->
          ProcessReceiver.of(folder.path(), command, port);
    };
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

  private Exporter exporter(Receiver receiver, Compression compression) {
    Protocol protocol = settings.protocol();
    int port = protocol == Protocol.GRPC ? receiver.grpcPort() : receiver.httpPort();
    return protocol.open(receiver.host(), port, settings.connections(), compression);
  }

  /** Lets a sink learn every operation, and build its baselines from that. */
  private void teach(SinkReceiver sink) throws InterruptedException {
    long spans =
        Math.min(
            TAUGHT_SPANS_MAX, (long) settings.taughtSpansPerOperation() * load.operationCount());
    if (spans == 0) {
      return;
    }
    try (Exporter exporter = exporter(sink, Compression.NONE)) {
      LoadResult taught =
          new LoadRun(
                  exporter,
                  Limited.all(load.pools(), spans),
                  new Pace(settings.inFlight(), 0, TEACHING_LIMIT))
              .run();
      if (taught.failedCalls() > 0) {
        throw new IllegalStateException("the sink can't be taught: " + taught.trouble());
      }
      say("taught %,d spans in %.1f s".formatted(taught.acceptedSpans(), seconds(taught)));
    }
    sink.recalculate(RECALCULATION_LIMIT);
  }

  /**
   * Runs rounds that are not counted, so that what a round brings with it, as new connections, has
   * been met before. The last may end later than the warm-up was to.
   */
  private List<RoundResult> warmUp(Receiver receiver) throws InterruptedException {
    List<RoundResult> rounds = new ArrayList<>();
    long warmUpNanos = settings.warmUp().toNanos();
    Duration length = Duration.ofNanos(Math.min(warmUpNanos, settings.duration().toNanos()));
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < warmUpNanos) {
      RoundResult warm = round(0, receiver, length);
      report.round(warm);
      rounds.add(warm);
    }
    return rounds;
  }

  private static boolean addUp(Stream<RoundResult> rounds) {
    return rounds.allMatch(round -> round.differences().isEmpty());
  }

  private List<? extends MessageSource> sources() {
    if (settings.compression() == Compression.NONE) {
      return load.pools();
    }
    long spans = settings.compressedSpans() / load.pools().size();
    return load.pools().stream()
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
