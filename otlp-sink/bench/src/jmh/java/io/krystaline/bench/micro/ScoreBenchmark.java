package io.krystaline.bench.micro;

import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.baseline.BaselineBuilder;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.HourSlice;
import io.krystaline.engine.baseline.HourStatistics;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.score.RecentSpans;
import io.krystaline.engine.score.Scorer;
import io.krystaline.engine.score.ScoringSettings;
import io.krystaline.engine.span.SpanBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Nanoseconds a span: decoded spans scored and learned, with recalculated baselines, as they stand
 * or with one swapped before each message, after which all are looked at again.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ScoreBenchmark {
  private static final int TAUGHT_SPANS_AN_OPERATION = 2_000;
  private static final int HOURS = 168;
  private static final long MONDAY = 495_000 * HourSlice.HOUR_NANOS;

  /** Operations of all services together. */
  @Param({"200", "20000"})
  public int operations;

  private Spans spans = new Spans(200);
  private OperationDirectory directory =
      new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 1);
  private Scorer scorer = new Scorer(directory, recent(), ScoringSettings.defaults());
  private SpanBatch batch = new SpanBatch();
  private Baseline swapped = Baseline.LEARNING;
  private int turn;

  private static RecentSpans recent() {
    return new RecentSpans(ScoringSettings.defaults().recentSpans(), 1);
  }

  /** Teaches every operation, and gives each the baseline that a recalculation would. */
  @Setup
  public void teach() {
    spans = new Spans(operations);
    directory = new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 1);
    scorer = new Scorer(directory, recent(), ScoringSettings.defaults());
    long messages = Math.min(20_000, (long) TAUGHT_SPANS_AN_OPERATION * operations / Spans.BATCH);
    for (long i = 0; i < messages; i++) {
      scorer.score(spans.next(), spans.nowNanos(), (same, row, anomaly) -> {});
    }
    scorer.flush(spans.nowNanos());
    for (Operation operation : directory.operations()) {
      operation.install(
          BaselineBuilder.build(operation.drainPending().iterator(), directory.settings()));
    }
    swapped = directory.operations().getFirst().baseline();
  }

  /** Takes and decodes the next message. */
  @Setup(Level.Invocation)
  public void next() {
    batch = spans.next();
  }

  /** The normal case. */
  @Benchmark
  @OperationsPerInvocation(Spans.BATCH)
  public void score() {
    scorer.score(batch, spans.nowNanos(), (same, row, anomaly) -> {});
  }

  /** A baseline is swapped before each message. */
  @Benchmark
  @OperationsPerInvocation(Spans.BATCH)
  public void scoreAfterASwap() {
    List<Operation> known = directory.operations();
    known.get(turn++ % known.size()).install(swapped);
    scorer.score(batch, spans.nowNanos(), (same, row, anomaly) -> {});
  }

  /** Builds the baseline of one operation that was seen in all hours of a week, and installs it. */
  @Benchmark
  public Baseline buildAndSwap(Week week) {
    Baseline built = BaselineBuilder.build(week.hours.iterator(), directory.settings());
    directory.operations().getFirst().install(built);
    return built;
  }

  /** The hourly statistics of one operation over a week. */
  @State(Scope.Thread)
  public static class Week {
    private final List<HourSlice> hours = new ArrayList<>();

    /** 100 durations an hour. */
    public Week() {
      Random random = new Random(1);
      for (int hour = 0; hour < HOURS; hour++) {
        HourStatistics statistics = new HourStatistics();
        for (int i = 0; i < 100; i++) {
          statistics.add((long) (5e6 * Math.exp(0.4 * random.nextGaussian())));
        }
        hours.add(new HourSlice(HourSlice.epochHourOf(MONDAY) + hour, statistics));
      }
    }
  }
}
