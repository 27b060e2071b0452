package io.krystaline.bench.measure;

import io.krystaline.bench.load.EventClock;
import io.krystaline.bench.load.MessageSource;
import io.krystaline.bench.load.SingleSpan;
import io.krystaline.bench.process.JvmProbe;
import io.krystaline.bench.process.ProcessTimes;
import io.krystaline.bench.send.Answer;
import io.krystaline.bench.send.Exporter;
import io.krystaline.bench.send.LoadResult;
import io.krystaline.bench.send.LoadRun;
import io.krystaline.bench.send.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.HdrHistogram.Histogram;

/**
 * Runs rounds. A round sends for a while, waits until the receiver has worked everything off, and
 * counts the processor time of all that: also of what the receiver does later than it answers. Used
 * by one thread.
 */
public final class RoundRunner {
  /**
   * Further than a sink's detection waits for late spans and children, with some ticks to spare.
   */
  private static final Duration CLOSING_SKIP = Duration.ofSeconds(15);

  /** What detection may take to read the last spans of all lanes. */
  private static final long READ_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long CLOSING_ANSWER_SECONDS_MAX = 60;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MEBIBYTE = 1 << 20;

  private final EventClock clock;
  private final List<SingleSpan.Of> operations;
  private final Duration probeInterval;
  private final RandomGenerator random;
  private final SureAnomalies anomalies;

  /**
   * A runner.
   *
   * @param operations that receivers know, for probes and closing spans
   * @param probeInterval how often a sink is probed; zero for never
   */
  public RoundRunner(
      EventClock clock,
      List<SingleSpan.Of> operations,
      Duration probeInterval,
      RandomGenerator random) {
    this.clock = clock;
    this.operations = List.copyOf(operations);
    this.probeInterval = probeInterval;
    this.random = random;
    this.anomalies = new SureAnomalies(operations, clock, random);
  }

  /** What the system and the JVM tell at one moment. */
  private record Usage(
      OptionalDouble cpu,
      OptionalDouble databaseCpu,
      double clientCpu,
      Map<String, Double> threads,
      Optional<JvmProbe.Counts> jvm) {
    static Usage of(Receiver receiver) {
      return new Usage(
          receiver.cpuSeconds(),
          receiver.databaseCpuSeconds(),
          ProcessTimes.cpuSeconds(ProcessHandle.current().pid()),
          receiver.pid().map(ProcessTimes::threadCpuSeconds).orElse(Map.of()),
          receiver.jvm().map(JvmProbe::counts));
    }
  }

  /**
   * Runs one round.
   *
   * @param exporter what the load goes through
   * @param control what single spans go through, with a connection of its own; a receiver without
   *     an API gets none
   * @param sources the messages of each connection
   */
  public RoundResult run(
      int number,
      Receiver receiver,
      Exporter exporter,
      Exporter control,
      List<? extends MessageSource> sources,
      Pace pace)
      throws InterruptedException {
    receiver.open();
    receiver.jvm().ifPresent(JvmProbe::takeLongestMillis);
    Optional<AnomalyProbe> probe = probe(receiver, control);
    Usage before = Usage.of(receiver);
    Optional<AnomalyProbe.Running> probing = probe.map(AnomalyProbe::start);
    LoadResult load = new LoadRun(exporter, sources, pace).run();
    Optional<AnomalyProbe.Result> probed = Optional.empty();
    if (probing.isPresent()) {
      probed = Optional.of(probing.get().stop());
    }
    Answer closed = receiver.api().isPresent() ? close(control) : Answer.ACCEPTED;
    receiver.settle();
    Usage after = Usage.of(receiver);

    long probes = probed.map(AnomalyProbe.Result::accepted).orElse(0L);
    long closing = receiver.api().isPresent() ? 1 : 0;
    SenderCounts sender =
        new SenderCounts(
            load.acceptedSpans() + probes + closing,
            load.rejectedSpans(),
            load.failedCalls(),
            load.trouble(),
            probes);
    List<String> differences = new ArrayList<>(receiver.differences(sender));
    probed
        .map(AnomalyProbe.Result::trouble)
        .filter(text -> !text.isEmpty())
        .ifPresent(differences::add);
    if (closed.kind() != Answer.Kind.ACCEPTED) {
      differences.add("the closing span was not taken in: " + closed.text());
    }
    Map<Figure, Double> figures = figures(load, sender, receiver, before, after);
    probed.ifPresent(result -> readable(figures, result.readableNanos()));
    return new RoundResult(
        receiver.name(), number, figures, threads(sender, before, after), differences);
  }

  private Optional<AnomalyProbe> probe(Receiver receiver, Exporter control) {
    if (probeInterval.isZero()) {
      return Optional.empty();
    }
    return receiver.api().map(api -> new AnomalyProbe(control, api, anomalies, probeInterval));
  }

  /** Sends a span of later, at which a sink judges what it holds without waiting for it. */
  private Answer close(Exporter control) {
    LockSupport.parkNanos(READ_NANOS);
    clock.skip(CLOSING_SKIP);
    SingleSpan span =
        SingleSpan.ending(operations.getFirst(), clock.nanos(), Duration.ofMillis(3), random);
    CompletableFuture<Answer> answered = new CompletableFuture<>();
    control.send(0, span, answered::complete);
    return answered
        .completeOnTimeout(Answer.failed("no answer"), CLOSING_ANSWER_SECONDS_MAX, TimeUnit.SECONDS)
        .join();
  }

  private static Map<Figure, Double> figures(
      LoadResult load, SenderCounts sender, Receiver receiver, Usage before, Usage after) {
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    double spans = Math.max(1, sender.accepted());
    double millions = spans / 1e6;
    figures.put(Figure.SPANS, (double) sender.accepted());
    figures.put(
        Figure.SPANS_PER_SECOND,
        load.acceptedSpans() / Math.max(1e-9, load.elapsed().toNanos() / 1e9));
    figures.put(Figure.CLIENT_CPU, (after.clientCpu() - before.clientCpu()) / millions);
    figures.put(
        Figure.REFUSED_SHARE,
        load.refusedSpans() / (double) Math.max(1, load.refusedSpans() + load.acceptedSpans()));
    if (after.cpu().isPresent() && before.cpu().isPresent()) {
      figures.put(Figure.CPU, (after.cpu().getAsDouble() - before.cpu().getAsDouble()) / millions);
    }
    if (after.databaseCpu().isPresent() && before.databaseCpu().isPresent()) {
      figures.put(
          Figure.DATABASE_CPU,
          (after.databaseCpu().getAsDouble() - before.databaseCpu().getAsDouble()) / millions);
    }
    if (after.jvm().isPresent() && before.jvm().isPresent()) {
      JvmProbe.Counts now = after.jvm().get();
      JvmProbe.Counts then = before.jvm().get();
      figures.put(Figure.ALLOCATED, (now.allocatedBytes() - then.allocatedBytes()) / spans);
      figures.put(Figure.COLLECTIONS, (double) (now.collections() - then.collections()));
      figures.put(
          Figure.COLLECTION_MILLIS, (double) (now.collectionMillis() - then.collectionMillis()));
      figures.put(Figure.COLLECTION_MAX, (double) receiver.jvm().orElseThrow().takeLongestMillis());
    }
    receiver
        .pid()
        .ifPresent(pid -> figures.put(Figure.RESIDENT, ProcessTimes.residentBytes(pid) / MEBIBYTE));
    if (receiver.api().isPresent()) {
      figures.put(Figure.ANOMALY_SHARE, receiver.anomaliesStored() / spans);
    }
    answered(figures, load.answerNanos());
    return figures;
  }

  private static Map<String, Double> threads(SenderCounts sender, Usage before, Usage after) {
    double millions = Math.max(1, sender.accepted()) / 1e6;
    Map<String, Double> threads = new HashMap<>();
    after
        .threads()
        .forEach(
            (name, seconds) ->
                threads.put(
                    name,
                    Math.max(0, seconds - before.threads().getOrDefault(name, 0.0)) / millions));
    return threads;
  }

  private static void answered(Map<Figure, Double> figures, Histogram nanos) {
    if (nanos.getTotalCount() > 0) {
      figures.put(Figure.ACK_P50, nanos.getValueAtPercentile(50) / NANOS_PER_MILLI);
      figures.put(Figure.ACK_P90, nanos.getValueAtPercentile(90) / NANOS_PER_MILLI);
      figures.put(Figure.ACK_P99, nanos.getValueAtPercentile(99) / NANOS_PER_MILLI);
      figures.put(Figure.ACK_P999, nanos.getValueAtPercentile(99.9) / NANOS_PER_MILLI);
      figures.put(Figure.ACK_MAX, nanos.getMaxValue() / NANOS_PER_MILLI);
    }
  }

  private static void readable(Map<Figure, Double> figures, Histogram nanos) {
    if (nanos.getTotalCount() > 0) {
      figures.put(Figure.READABLE_P50, nanos.getValueAtPercentile(50) / NANOS_PER_MILLI);
      figures.put(Figure.READABLE_P99, nanos.getValueAtPercentile(99) / NANOS_PER_MILLI);
      figures.put(Figure.READABLE_MAX, nanos.getMaxValue() / NANOS_PER_MILLI);
    }
  }
}
