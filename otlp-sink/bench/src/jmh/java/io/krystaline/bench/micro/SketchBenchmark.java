package io.krystaline.bench.micro;

import io.krystaline.engine.baseline.DurationSketch;
import io.krystaline.engine.baseline.HourStatistics;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Nanoseconds a duration: into the sketch alone, and into the statistics of an hour. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SketchBenchmark {
  private static final int DURATIONS = 1 << 14;

  /** The durations that a scorer teaches in one go. */
  private static final int RUN = 21;

  private final long[] durations = new long[DURATIONS + RUN];
  private final DurationSketch sketch = new DurationSketch();
  private final HourStatistics hour = new HourStatistics();
  private int next;

  /** Log-normal durations, as the load has them. */
  public SketchBenchmark() {
    Random random = new Random(1);
    for (int i = 0; i < durations.length; i++) {
      durations[i] = (long) (5e6 * Math.exp(0.4 * random.nextGaussian()));
    }
  }

  /** One duration. */
  @Benchmark
  public void sketch() {
    sketch.add(durations[next++ & DURATIONS - 1]);
  }

  /** A run of durations. */
  @Benchmark
  @OperationsPerInvocation(RUN)
  public void hour() {
    int from = next++ & DURATIONS - 1;
    hour.addAll(durations, from, from + RUN, 1);
  }

  /** A quantile of what was added. */
  @Benchmark
  public long quantile() {
    sketch.add(durations[next++ & DURATIONS - 1]);
    return sketch.quantileNanos(0.99);
  }
}
