package io.krystaline.bench.load;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A message of one span, a trace of its own, of an operation that the receiver knows.
 *
 * @param bytes the message
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares messages
public record SingleSpan(byte[] bytes, String traceId, String spanId) implements Message {

  /** An operation, as a receiver knows it. */
  public record Of(String service, String name, int kind) {}

  /**
   * A span that ends at a time.
   *
   * @param endNanos nanoseconds since the epoch
   */
  public static SingleSpan ending(
      Of operation, long endNanos, Duration duration, RandomGenerator random) {
    byte[] traceId =
        ByteBuffer.allocate(16).putLong(random.nextLong()).putLong(random.nextLong() | 1).array();
    byte[] spanId = ByteBuffer.allocate(8).putLong(random.nextLong() | 1).array();
    Span span =
        Span.newBuilder()
            .setTraceId(ByteString.copyFrom(traceId))
            .setSpanId(ByteString.copyFrom(spanId))
            .setName(operation.name())
            .setKindValue(operation.kind())
            .setStartTimeUnixNano(endNanos - duration.toNanos())
            .setEndTimeUnixNano(endNanos)
            .build();
    KeyValue service =
        KeyValue.newBuilder()
            .setKey("service.name")
            .setValue(AnyValue.newBuilder().setStringValue(operation.service()))
            .build();
    byte[] bytes =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .setResource(Resource.newBuilder().addAttributes(service))
                    .addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
            .build()
            .toByteArray();
    return new SingleSpan(
        bytes, HexFormat.of().formatHex(traceId), HexFormat.of().formatHex(spanId));
  }

  /** The operations of a simulated system at which requests come in. */
  public static List<Of> operations(LoadShape shape) {
    return new Topology(shape)
        .operations().stream()
            .filter(operation -> operation.type() == SpanType.HTTP_SERVER)
            .map(
                operation ->
                    new Of(
                        Topology.serviceName(operation.service()),
                        operation.name(),
                        operation.type().kind().getNumber()))
            .toList();
  }

  @Override
  public int length() {
    return bytes.length;
  }

  @Override
  public int spans() {
    return 1;
  }
}
