package io.krystaline.sink.receive;

import io.grpc.ServiceDescriptor;
import io.krystaline.engine.decode.Signal;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;

/** The three doors of OTLP, each with its name on both transports. */
enum ExportEndpoint {
  TRACES(Signal.TRACES, "/v1/traces", "rejectedSpans"),
  METRICS(Signal.METRICS, "/v1/metrics", "rejectedDataPoints"),
  LOGS(Signal.LOGS, "/v1/logs", "rejectedLogRecords");

  private final Signal signal;
  private final String path;
  private final String rejectedField;

  ExportEndpoint(Signal signal, String path, String rejectedField) {
    this.signal = signal;
    this.path = path;
    this.rejectedField = rejectedField;
  }

  Signal signal() {
    return signal;
  }

  /** The path of OTLP/HTTP. */
  String path() {
    return path;
  }

  /** The JSON name of the count of refused items in a partial success. */
  String rejectedField() {
    return rejectedField;
  }

  /** The generated description of the gRPC service, which reflection serves. */
  ServiceDescriptor service() {
    return switch (this) {
      case TRACES -> TraceServiceGrpc.getServiceDescriptor();
      case METRICS -> MetricsServiceGrpc.getServiceDescriptor();
      case LOGS -> LogsServiceGrpc.getServiceDescriptor();
    };
  }
}
