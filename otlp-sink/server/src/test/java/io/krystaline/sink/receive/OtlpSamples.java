package io.krystaline.sink.receive;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.List;

/** Requests for tests, made with the generated classes. */
final class OtlpSamples {
  private static final long START_NANOS = 1_700_000_000_000_000_000L;

  private OtlpSamples() {}

  /** A request with this many good spans of one service. */
  static ExportTraceServiceRequest spans(int count) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (int index = 0; index < count; index++) {
      scope.addSpans(span(index));
    }
    return ExportTraceServiceRequest.newBuilder().addResourceSpans(resource(scope)).build();
  }

  /** A request of exactly this many bytes with one span, padded by an attribute. */
  static ExportTraceServiceRequest ofBytes(int bytes) {
    int padding = bytes - 200;
    while (true) {
      Span.Builder span = span(0).addAttributes(text("padding", "x".repeat(padding)));
      ExportTraceServiceRequest request =
          ExportTraceServiceRequest.newBuilder()
              .addResourceSpans(resource(ScopeSpans.newBuilder().addSpans(span)))
              .build();
      if (request.getSerializedSize() == bytes) {
        return request;
      }
      padding += bytes - request.getSerializedSize();
    }
  }

  /** One good span, one without a trace id, one with a short span id. */
  static ExportTraceServiceRequest withInvalidIds() {
    ScopeSpans.Builder scope =
        ScopeSpans.newBuilder()
            .addSpans(span(1))
            .addSpans(span(2).clearTraceId())
            .addSpans(span(3).setSpanId(ByteString.copyFrom(new byte[] {1, 2, 3})));
    return ExportTraceServiceRequest.newBuilder().addResourceSpans(resource(scope)).build();
  }

  /** A span whose attributes are empty, bytes, a list of pairs and an array of mixed types. */
  static ExportTraceServiceRequest withEveryAttributeType() {
    AnyValue number = AnyValue.newBuilder().setDoubleValue(Double.NaN).build();
    AnyValue text = AnyValue.newBuilder().setStringValue("text").build();
    Span.Builder span =
        span(1)
            .addAttributes(KeyValue.newBuilder().setKey("empty"))
            .addAttributes(
                attribute(
                    "bytes",
                    AnyValue.newBuilder().setBytesValue(ByteString.copyFrom(new byte[] {0, -1}))))
            .addAttributes(
                attribute(
                    "pairs",
                    AnyValue.newBuilder()
                        .setKvlistValue(KeyValueList.newBuilder().addValues(text("a", "b")))))
            .addAttributes(
                attribute(
                    "mixed",
                    AnyValue.newBuilder()
                        .setArrayValue(
                            ArrayValue.newBuilder().addAllValues(List.of(number, text)))));
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(resource(ScopeSpans.newBuilder().addSpans(span)))
        .build();
  }

  /** A request with this many data points. */
  static ExportMetricsServiceRequest dataPoints(int count) {
    Gauge.Builder gauge = Gauge.newBuilder();
    for (int index = 0; index < count; index++) {
      gauge.addDataPoints(NumberDataPoint.newBuilder().setTimeUnixNano(START_NANOS).setAsInt(1));
    }
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .addMetrics(Metric.newBuilder().setName("queue.size").setGauge(gauge))))
        .build();
  }

  /** A request with this many log records. */
  static ExportLogsServiceRequest logRecords(int count) {
    ScopeLogs.Builder scope = ScopeLogs.newBuilder();
    for (int index = 0; index < count; index++) {
      scope.addLogRecords(LogRecord.newBuilder().setTimeUnixNano(START_NANOS));
    }
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(ResourceLogs.newBuilder().addScopeLogs(scope))
        .build();
  }

  private static Span.Builder span(int number) {
    byte[] traceId = ByteBuffer.allocate(16).putLong(1).putLong(number + 1L).array();
    byte[] spanId = ByteBuffer.allocate(8).putLong(number + 1L).array();
    return Span.newBuilder()
        .setTraceId(ByteString.copyFrom(traceId))
        .setSpanId(ByteString.copyFrom(spanId))
        .setName("GET /orders/{id}")
        .setKind(Span.SpanKind.SPAN_KIND_SERVER)
        .setStartTimeUnixNano(START_NANOS)
        .setEndTimeUnixNano(START_NANOS + 10_000_000L + number)
        .addAttributes(text("http.request.method", "GET"))
        .addAttributes(text("url.path", "/orders/" + number));
  }

  private static ResourceSpans.Builder resource(ScopeSpans.Builder scope) {
    return ResourceSpans.newBuilder()
        .setResource(Resource.newBuilder().addAttributes(text("service.name", "orders")))
        .addScopeSpans(scope);
  }

  private static KeyValue text(String key, String value) {
    return attribute(key, AnyValue.newBuilder().setStringValue(value));
  }

  private static KeyValue attribute(String key, AnyValue.Builder value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }
}
