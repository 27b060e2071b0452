package io.krystaline.bench.reference;

import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Scores each span against the running statistics of its operation, written as one would without a
 * thought for speed, and without a fault. Nothing is kept of anomalies but their number. Safe on
 * every thread.
 */
final class ReferenceService extends TraceServiceGrpc.TraceServiceImplBase {
  private static final double ANOMALOUS_DEVIATIONS = 3;

  /** What tells operations apart. */
  record Key(String service, String operation, int kind) {}

  private final ConcurrentMap<Key, Welford> operations = new ConcurrentHashMap<>();
  private final LongAdder received = new LongAdder();
  private final LongAdder anomalies = new LongAdder();

  @Override
  public void export(
      ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> answer) {
    long spans = 0;
    for (ResourceSpans resource : request.getResourceSpansList()) {
      String service = service(resource);
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        for (Span span : scope.getSpansList()) {
          score(service, span);
          spans++;
        }
      }
    }
    received.add(spans);
    answer.onNext(ExportTraceServiceResponse.getDefaultInstance());
    answer.onCompleted();
  }

  private void score(String service, Span span) {
    Key key = new Key(service, span.getName(), span.getKindValue());
    Welford statistics = operations.computeIfAbsent(key, unknown -> new Welford());
    double durationNanos = (double) (span.getEndTimeUnixNano() - span.getStartTimeUnixNano());
    if (statistics.add(durationNanos) > ANOMALOUS_DEVIATIONS) {
      anomalies.increment();
    }
  }

  private static String service(ResourceSpans resource) {
    for (KeyValue attribute : resource.getResource().getAttributesList()) {
      if (attribute.getKey().equals("service.name")) {
        return attribute.getValue().getStringValue();
      }
    }
    return "unknown";
  }

  long received() {
    return received.sum();
  }

  long anomalies() {
    return anomalies.sum();
  }

  int operations() {
    return operations.size();
  }
}
