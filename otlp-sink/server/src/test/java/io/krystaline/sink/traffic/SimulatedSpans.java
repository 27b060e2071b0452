package io.krystaline.sink.traffic;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Spans of a simulation as protobuf's own parser reads them. */
record SimulatedSpans(List<One> spans) {
  /** 2024-01-01T12:00:00Z, a Monday noon. */
  static final long NOON_NANOS = 1_704_110_400L * Season.SECOND;

  /** A span with what its resource says, and the number of the message that it came in. */
  record One(int message, String service, String version, Span span) {
    double millis() {
      return (span.getEndTimeUnixNano() - span.getStartTimeUnixNano()) / 1e6;
    }

    boolean failed() {
      return span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR;
    }

    long traceLow() {
      return ByteBuffer.wrap(span.getTraceId().toByteArray()).getLong(8);
    }

    long spanId() {
      return ByteBuffer.wrap(span.getSpanId().toByteArray()).getLong();
    }

    long parentId() {
      return span.getParentSpanId().isEmpty()
          ? 0
          : ByteBuffer.wrap(span.getParentSpanId().toByteArray()).getLong();
    }
  }

  /** Traffic from noon on. */
  static SimulatedSpans of(TrafficSettings settings, int seconds, Fault... faults) {
    List<One> spans = new ArrayList<>();
    int[] messages = {0};
    TrafficGenerator.MessageVisitor visitor =
        (bytes, length) -> {
          messages[0]++;
          ExportTraceServiceRequest request =
              ExportTraceServiceRequest.parseFrom(ByteBuffer.wrap(bytes, 0, length));
          for (ResourceSpans resource : request.getResourceSpansList()) {
            for (ScopeSpans scope : resource.getScopeSpansList()) {
              for (Span span : scope.getSpansList()) {
                spans.add(
                    new One(
                        messages[0],
                        attribute(resource.getResource(), "service.name"),
                        attribute(resource.getResource(), "service.version"),
                        span));
              }
            }
          }
        };
    try {
      TrafficGenerator generator = new TrafficGenerator(settings, NOON_NANOS, List.of(faults));
      generator.runUntil(NOON_NANOS + seconds * Season.SECOND, visitor);
      generator.finish(visitor);
      if (generator.spans() != spans.size()) {
        throw new IllegalStateException(generator.spans() + " spans, but read " + spans.size());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SimulatedSpans(spans);
  }

  SimulatedSpans only(Predicate<One> wanted) {
    return new SimulatedSpans(spans.stream().filter(wanted).toList());
  }

  SimulatedSpans servers(String service) {
    return only(
        one ->
            one.service().equals(service)
                && one.span().getKind() == Span.SpanKind.SPAN_KIND_SERVER);
  }

  SimulatedSpans named(String service, Span.SpanKind kind, String name) {
    return only(
        one ->
            one.service().equals(service)
                && one.span().getKind() == kind
                && one.span().getName().equals(name));
  }

  int count() {
    return spans.size();
  }

  double failedShare() {
    return spans.stream().filter(One::failed).count() / (double) count();
  }

  double medianMillis() {
    return spans.stream().mapToDouble(One::millis).sorted().skip(count() / 2).findFirst().orElse(0);
  }

  private static String attribute(Resource resource, String key) {
    return resource.getAttributesList().stream()
        .filter(attribute -> attribute.getKey().equals(key))
        .map(attribute -> attribute.getValue().getStringValue())
        .findFirst()
        .orElse("");
  }
}
