package io.krystaline.bench.micro;

import io.krystaline.engine.assemble.AssembledSpan;
import io.krystaline.engine.assemble.AssemblySettings;
import io.krystaline.engine.assemble.AssemblyVisitor;
import io.krystaline.engine.assemble.OperationIndex;
import io.krystaline.engine.assemble.TraceAssembler;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.score.RecentSpans;
import io.krystaline.engine.score.Scorer;
import io.krystaline.engine.score.ScoringSettings;
import io.krystaline.engine.span.SpanBatch;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Nanoseconds a span: gathered into its trace, held until its tick closes, and handed on; at
 * 512,000 spans a second of event time, so that it is held for some seconds among millions.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Spans.BATCH)
public class AssembleBenchmark {
  private static final int FILLING_MESSAGES = 12_000;

  private final Spans spans = new Spans(200);
  private final OperationDirectory directory =
      new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 1);
  private final Scorer scorer =
      new Scorer(
          directory,
          new RecentSpans(ScoringSettings.defaults().recentSpans(), 1),
          ScoringSettings.defaults());
  private final OperationIndex operations = new OperationIndex();
  private final Handed handed = new Handed();
  private final TraceAssembler assembler =
      new TraceAssembler(AssemblySettings.DEFAULTS, operations, 1, handed);
  private SpanBatch batch = new SpanBatch();
  private int registered;

  /** Only counts, so that the assembly alone is measured. */
  private static final class Handed implements AssemblyVisitor {
    private long spans;

    @Override
    public void onSpan(AssembledSpan span) {
      spans++;
    }

    @Override
    public void onTraceEnd(int operation, long traceIdHigh, long traceIdLow, boolean orphan) {}

    @Override
    public void onTick(long tick) {}
  }

  /** Lets event time go on until as many spans leave as come. */
  @Setup
  public void fill() {
    for (int i = 0; i < FILLING_MESSAGES; i++) {
      next();
      assemble();
    }
  }

  /** Takes, decodes and scores the next message. */
  @Setup(Level.Invocation)
  public void next() {
    batch = spans.next();
    scorer.score(batch, spans.nowNanos(), (same, row, anomaly) -> {});
    while (registered < directory.size()) {
      operations.register(directory.operations().get(registered++));
    }
  }

  /** Adds a message's spans, and hands on what is due. */
  @Benchmark
  public long assemble() {
    for (int row = 0; row < batch.spanCount(); row++) {
      Operation operation = Objects.requireNonNull(scorer.operation(row));
      assembler.add(
          operation.index(),
          batch.traceIdHigh(row),
          batch.traceIdLow(row),
          batch.spanId(row),
          batch.parentSpanId(row),
          batch.kind(row),
          batch.status(row),
          batch.startNanos(row),
          batch.endNanos(row));
    }
    return handed.spans;
  }
}
