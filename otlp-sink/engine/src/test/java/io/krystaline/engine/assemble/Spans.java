package io.krystaline.engine.assemble;

import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import java.util.ArrayList;
import java.util.List;

/** Spans as plain records, the operations that they name, and what an assembler makes of them. */
final class Spans {
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000 * MILLI;
  static final long EPOCH = 1_700_000_000L * SECOND;

  final OperationIndex index = new OperationIndex();
  private final OperationDirectory directory =
      new OperationDirectory(
          BaselineSettings.defaults(), new DirectoryLimits(100, 100, 1_000, 512), 1);

  /** A span as it arrives. */
  record Span(
      int operation,
      long trace,
      long id,
      long parent,
      SpanKind kind,
      boolean failed,
      long start,
      long end) {
    Span within(long otherTrace) {
      return new Span(operation, otherTrace, id, parent, kind, failed, start, end);
    }

    Span later(long nanos) {
      return new Span(operation, trace, id, parent, kind, failed, start + nanos, end + nanos);
    }
  }

  /** Everything that a visitor is told of a span. */
  record Told(
      long trace,
      long id,
      int operation,
      int kind,
      boolean failed,
      long start,
      long end,
      long exclusive,
      int children,
      int callee,
      int lastChild,
      int lastChildCallee,
      int failedChildren,
      int parent,
      boolean root,
      long producerDelay) {}

  /** The end of a span's trace. */
  record Ended(long trace, int operation, boolean orphan) {}

  /** The end of a tick. */
  record Tick(long tick) {}

  /** Keeps the whole sequence of calls. */
  static final class Recorder implements AssemblyVisitor {
    final List<Object> calls = new ArrayList<>();

    @Override
    public void onSpan(AssembledSpan span) {
      calls.add(
          new Told(
              span.traceIdLow(),
              span.spanId(),
              span.operation(),
              span.kind(),
              span.failed(),
              span.startNanos(),
              span.endNanos(),
              span.exclusiveNanos(),
              span.children(),
              span.callee(),
              span.lastChild(),
              span.lastChildCallee(),
              span.failedChildren(),
              span.parent(),
              span.root(),
              span.producerDelayNanos()));
    }

    @Override
    public void onTraceEnd(int operation, long high, long low, boolean orphan) {
      calls.add(new Ended(low, operation, orphan));
    }

    @Override
    public void onTick(long tick) {
      calls.add(new Tick(tick));
    }

    List<Told> told() {
      return calls.stream().filter(Told.class::isInstance).map(Told.class::cast).toList();
    }

    List<Ended> ended() {
      return calls.stream().filter(Ended.class::isInstance).map(Ended.class::cast).toList();
    }

    List<Long> ticks() {
      return calls.stream()
          .filter(Tick.class::isInstance)
          .map(call -> ((Tick) call).tick())
          .toList();
    }
  }

  int operation(String service, String name) {
    return index.register(
        directory.operation(new OperationKey(service, name, SpanKind.UNSPECIFIED)));
  }

  static void add(TraceAssembler assembler, Span span) {
    assembler.add(
        span.operation(),
        span.trace() * 31,
        span.trace(),
        span.id(),
        span.parent(),
        span.kind().ordinal(),
        span.failed() ? 2 : 0,
        span.start(),
        span.end());
  }

  Recorder assemble(AssemblySettings settings, List<Span> spans) {
    Recorder recorder = new Recorder();
    TraceAssembler assembler = new TraceAssembler(settings, index, 5, recorder);
    spans.forEach(span -> add(assembler, span));
    assembler.finish();
    return recorder;
  }
}
