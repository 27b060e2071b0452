package io.krystaline.sink.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.engine.span.StatusCode;
import io.krystaline.engine.span.TraceId;
import io.krystaline.sink.store.TraceSpan;
import io.krystaline.sink.view.EpochNanos;
import io.krystaline.sink.view.EventView;
import io.krystaline.sink.view.LinkView;
import io.krystaline.sink.view.SpanView;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the bytes of a stored span, with all that a hot path leaves unread. */
final class StoredSpans {
  private static final String SERVICE_NAME = "service.name";

  private StoredSpans() {}

  /**
   * The view of a span on its own, without its trace's other spans.
   *
   * @param anomalyId the anomaly that it is, or null
   * @throws InvalidProtocolBufferException if the bytes are no message with one span
   */
  static SpanView view(TraceSpan stored, @Nullable String anomalyId)
      throws InvalidProtocolBufferException {
    TracesData data = TracesData.parseFrom(stored.span());
    if (data.getResourceSpansCount() == 0
        || data.getResourceSpans(0).getScopeSpansCount() == 0
        || data.getResourceSpans(0).getScopeSpans(0).getSpansCount() == 0) {
      throw new InvalidProtocolBufferException("the stored bytes hold no span");
    }
    ResourceSpans resource = data.getResourceSpans(0);
    ScopeSpans scope = resource.getScopeSpans(0);
    Span span = scope.getSpans(0);
    return new SpanView(
        stored.spanId().toString(),
        parent(span.getParentSpanId()),
        service(resource.getResource()),
        AttributeValues.cut(span.getName()),
        SpanKind.fromWire(span.getKindValue()).name(),
        EpochNanos.toInstant(span.getStartTimeUnixNano()),
        EpochNanos.toInstant(span.getEndTimeUnixNano()),
        (span.getEndTimeUnixNano() - span.getStartTimeUnixNano()) / 1e6,
        (span.getEndTimeUnixNano() - span.getStartTimeUnixNano()) / 1e6,
        0,
        StatusCode.fromWire(span.getStatus().getCodeValue()).name(),
        AttributeValues.cut(span.getStatus().getMessage()),
        AttributeValues.map(span.getAttributesList()),
        events(span),
        links(span),
        AttributeValues.map(resource.getResource().getAttributesList()),
        AttributeValues.cut(scope.getScope().getName()),
        anomalyId);
  }

  /** The anomaly that a span of a trace is. */
  static String anomalyId(TraceId traceId, SpanId spanId) {
    return traceId + "-" + spanId;
  }

  private static @Nullable String parent(ByteString id) {
    String hex = hex(id);
    return hex.length() != 16 || hex.equals("0000000000000000") ? null : hex;
  }

  private static String service(Resource resource) {
    for (KeyValue attribute : resource.getAttributesList()) {
      if (attribute.getKey().equals(SERVICE_NAME) && attribute.getValue().hasStringValue()) {
        return AttributeValues.cut(attribute.getValue().getStringValue());
      }
    }
    return OperationDirectory.UNKNOWN_SERVICE;
  }

  private static List<EventView> events(Span span) {
    return span.getEventsList().stream()
        .limit(AttributeValues.ITEMS_MAX)
        .map(
            event ->
                new EventView(
                    EpochNanos.toInstant(event.getTimeUnixNano()),
                    AttributeValues.cut(event.getName()),
                    AttributeValues.map(event.getAttributesList())))
        .toList();
  }

  private static List<LinkView> links(Span span) {
    return span.getLinksList().stream()
        .limit(AttributeValues.ITEMS_MAX)
        .map(
            link ->
                new LinkView(
                    hex(link.getTraceId()),
                    hex(link.getSpanId()),
                    AttributeValues.map(link.getAttributesList())))
        .toList();
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }
}
