package io.krystaline.sink.selftest;

import io.krystaline.engine.decode.DecodeResult;
import io.krystaline.engine.decode.TraceDecoder;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.Suspect;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.sink.judge.FaultWindow;
import io.krystaline.sink.judge.Interval;
import io.krystaline.sink.judge.Judge;
import io.krystaline.sink.judge.JudgeSettings;
import io.krystaline.sink.judge.JudgedIncident;
import io.krystaline.sink.judge.Judgement;
import io.krystaline.sink.judge.Labels;
import io.krystaline.sink.traffic.Fault;
import io.krystaline.sink.traffic.TrafficGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Runs the test: in each round a new detector learns simulated traffic, then watches the fault
 * matrix and clean hours, in one stream through the engine's own decoder. All rounds are judged
 * together; they lie some weeks apart in event time. The same settings give the same spans.
 *
 * <p>Used once, by one thread.
 */
public final class SelfTest {
  private static final long SECOND = 1_000_000_000L;
  private static final double HOUR_NANOS = 3_600.0 * SECOND;

  /** Monday 2024-01-01T00:00:00Z. */
  private static final long FIRST_START_NANOS = 1_704_067_200L * SECOND;

  private static final long WEEK_NANOS = 7 * 24 * 3_600 * SECOND;

  /** The first round begins on a Monday, the second on a Thursday, before a weekend, and so on. */
  private static final long SHIFT_NANOS = 3 * 24 * 3_600 * SECOND;

  private static final long REST_NANOS = 20 * 60 * SECOND;

  private final SelfTestSettings settings;
  private final SelfTestBounds bounds;
  private final LongSupplier nanoTime;
  private final Consumer<String> progress;
  private final TraceDecoder decoder = new TraceDecoder();
  private final SpanBatch batch = new SpanBatch();

  private final List<Interval> watched = new ArrayList<>();
  private final List<Interval> clean = new ArrayList<>();
  private final List<FaultWindow> faults = new ArrayList<>();
  private final List<JudgedIncident> incidents = new ArrayList<>();
  private long spans;
  private double simulatedHours;
  private int services;

  /**
   * A test that has not begun.
   *
   * @param nanoTime a clock for the machine time, as {@link System#nanoTime}
   * @param progress told of each part that begins, in words
   */
  public SelfTest(
      SelfTestSettings settings,
      SelfTestBounds bounds,
      LongSupplier nanoTime,
      Consumer<String> progress) {
    this.settings = settings;
    this.bounds = bounds;
    this.nanoTime = nanoTime;
    this.progress = progress;
  }

  /** Runs all rounds, each with a detector of its own. */
  public SelfTestResult run(Supplier<DetectorUnderTest> detectors) throws IOException {
    long begun = nanoTime.getAsLong();
    long start = FIRST_START_NANOS;
    for (int round = 0; round < settings.rounds(); round++) {
      long end = round(round, start, detectors.get());
      start += (Math.floorDiv(end - start, WEEK_NANOS) + 2) * WEEK_NANOS + SHIFT_NANOS;
    }
    return result((nanoTime.getAsLong() - begun) / (double) SECOND);
  }

  private long round(int round, long startNanos, DetectorUnderTest detector) throws IOException {
    long learned = startNanos + nanos(settings.learnHours());
    List<Fault> plan = FaultMatrix.plan(settings.seed() + round, learned, settings.repetitions());
    long matrixEnd = plan.isEmpty() ? learned : plan.get(plan.size() - 1).endNanos() + REST_NANOS;
    long end = matrixEnd + nanos(settings.cleanHours() / settings.rounds());
    TrafficGenerator traffic = new TrafficGenerator(settings.traffic(round), startNanos, plan);
    services = traffic.services().size();

    String name = "round " + (round + 1) + " of " + settings.rounds() + ": ";
    progress.accept(name + "learning");
    traffic.runUntil(learned, (bytes, length) -> detector.learn(decoded(bytes, length)));
    progress.accept(name + plan.size() + " faults");
    traffic.runUntil(matrixEnd, (bytes, length) -> detector.add(decoded(bytes, length)));
    progress.accept(name + "clean hours");
    traffic.runUntil(end, (bytes, length) -> detector.add(decoded(bytes, length)));
    traffic.finish((bytes, length) -> detector.add(decoded(bytes, length)));

    for (Incident incident : detector.finish()) {
      incidents.add(judged(round, incident, end));
    }
    for (Fault fault : plan) {
      faults.add(FaultMatrix.label("%d-%03d".formatted(round + 1, faults.size() + 1), fault));
    }
    watched.add(new Interval(learned, end));
    clean.add(new Interval(matrixEnd, end));
    spans += traffic.spans();
    simulatedHours += (end - startNanos) / HOUR_NANOS;
    return end;
  }

  private SpanBatch decoded(byte[] bytes, int length) {
    DecodeResult result = decoder.decode(bytes, 0, length, batch);
    if (result instanceof DecodeResult.Malformed malformed) {
      throw new IllegalStateException("simulated spans are malformed: " + malformed.message());
    }
    return batch;
  }

  /** As it is judged; open ones end with their round. */
  private static JudgedIncident judged(int round, Incident incident, long roundEndNanos) {
    long endNanos = incident.isOpen() ? roundEndNanos : incident.endNanos();
    return new JudgedIncident(
        (round + 1) + "-" + incident.id(),
        incident.startNanos(),
        incident.detectedNanos(),
        OptionalLong.of(Math.max(incident.startNanos(), endNanos)),
        incident.suspects().stream().map(Suspect::service).toList());
  }

  private SelfTestResult result(double seconds) {
    Judge judge = new Judge(JudgeSettings.DEFAULT);
    Judgement judgement = judge.judge(new Labels(watched, faults, List.of(), services), incidents);
    SelfTestResult.FalseRate all =
        SelfTestResult.FalseRate.of(judgement.falseIncidentsStrict(), judgement.faultFreeHours());
    long cleanNanos = clean.stream().mapToLong(Interval::lengthNanos).sum();
    int cleanCount =
        (int)
            incidents.stream()
                .filter(one -> clean.stream().anyMatch(part -> part.contains(one.detectedNanos())))
                .count();
    SelfTestResult.FalseRate inClean =
        SelfTestResult.FalseRate.of(cleanCount, cleanNanos / HOUR_NANOS);
    return new SelfTestResult(
        settings,
        bounds,
        spans,
        seconds,
        seconds > 0 ? spans / seconds : 0,
        simulatedHours,
        judgement.incidents() > 0
            ? Double.valueOf(judgement.incidentsInWindows() / (double) judgement.incidents())
            : null,
        judgement.windows().stream()
            .mapToInt(window -> Math.max(0, window.incidentsOpened() - 1))
            .sum(),
        judgement,
        all,
        inClean,
        failures(judgement, all, inClean));
  }

  private List<String> failures(
      Judgement judgement, SelfTestResult.FalseRate all, SelfTestResult.FalseRate inClean) {
    List<String> failures = new ArrayList<>();
    if (judgement.scorableWindows() > 0) {
      faultFailures(judgement, failures);
    }
    if (all.exceeds(settings.falseIncidentsPerDay())) {
      failures.add("false incidents are beyond the budget");
    }
    if (inClean.exceeds(settings.falseIncidentsPerDay())) {
      failures.add("false incidents in the clean hours are beyond the budget");
    }
    return failures;
  }

  private void faultFailures(Judgement judgement, List<String> failures) {
    if (judgement.found() < bounds.foundShareMin() * judgement.scorableWindows()) {
      failures.add("too few faults were found");
    }
    if (judgement.found() == 0
        || judgement.top1() < bounds.firstSuspectShareMin() * judgement.found()) {
      failures.add("too few first suspects are right");
    }
    Double median = judgement.secondsToDetectMedian();
    if (median == null || median > bounds.secondsToDetectMedianMax()) {
      failures.add("detection takes too long");
    }
  }

  private static long nanos(double hours) {
    return Math.round(hours * HOUR_NANOS);
  }
}
