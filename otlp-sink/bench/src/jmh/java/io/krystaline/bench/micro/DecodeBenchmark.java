package io.krystaline.bench.micro;

import io.krystaline.bench.load.Message;
import io.krystaline.engine.decode.DecodeResult;
import io.krystaline.engine.decode.TraceDecoder;
import io.krystaline.engine.span.SpanBatch;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
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

/** Nanoseconds a span: the bytes of a message to columns, and to protobuf objects beside it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Spans.BATCH)
public class DecodeBenchmark {
  private final Spans spans = new Spans(200);
  private final TraceDecoder decoder = new TraceDecoder();
  private final SpanBatch batch = new SpanBatch();
  private byte[] bytes = {};

  /** Takes the next message, so that no cache has all of them. */
  @Setup(Level.Invocation)
  public void next() {
    Message message = spans.take();
    bytes = message.bytes();
    spans.release(message);
  }

  /** The engine's decoder. */
  @Benchmark
  public DecodeResult columns() {
    return decoder.decode(bytes, 0, bytes.length, batch);
  }

  /** protobuf-java, for the ratio. */
  @Benchmark
  public ExportTraceServiceRequest objects() throws IOException {
    return ExportTraceServiceRequest.parseFrom(bytes);
  }

  /** What the client pays to make a message fresh. */
  @Benchmark
  public int stamp() {
    Message message = spans.take();
    spans.release(message);
    return message.length();
  }
}
