package io.krystaline.engine.decode;

import com.google.protobuf.ByteString;
import io.krystaline.engine.span.RejectReason;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.engine.span.StatusCode;
import io.krystaline.engine.span.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a message holds by protobuf-java's reading, or by a batch's, in one comparable form. */
record ReferenceSpans(List<Row> rows, Map<RejectReason, Long> rejected) {

  record Row(
      String service,
      String version,
      String traceId,
      long spanId,
      long parentSpanId,
      int kind,
      int status,
      long startNanos,
      long endNanos,
      String name) {}

  static ReferenceSpans of(ExportTraceServiceRequest request) {
    List<Row> rows = new ArrayList<>();
    Map<RejectReason, Long> rejected = new EnumMap<>(RejectReason.class);
    for (ResourceSpans resourceSpans : request.getResourceSpansList()) {
      String service = text(resourceSpans.getResource(), "service.name");
      String version = text(resourceSpans.getResource(), "service.version");
      for (ScopeSpans scopeSpans : resourceSpans.getScopeSpansList()) {
        for (Span span : scopeSpans.getSpansList()) {
          RejectReason reason = reason(span);
          if (reason == null) {
            rows.add(row(service, version, span));
          } else {
            rejected.merge(reason, 1L, Long::sum);
          }
        }
      }
    }
    return new ReferenceSpans(rows, rejected);
  }

  static ReferenceSpans of(SpanBatch batch) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < batch.spanCount(); i++) {
      int resource = batch.resource(i);
      int serviceLength = batch.serviceLength(resource);
      int versionLength = batch.versionLength(resource);
      rows.add(
          new Row(
              serviceLength < 0 ? "" : text(batch, batch.serviceOffset(resource), serviceLength),
              versionLength < 0 ? "" : text(batch, batch.versionOffset(resource), versionLength),
              new TraceId(batch.traceIdHigh(i), batch.traceIdLow(i)).toString(),
              batch.spanId(i),
              batch.parentSpanId(i),
              batch.kind(i),
              batch.status(i),
              batch.startNanos(i),
              batch.endNanos(i),
              text(batch, batch.nameOffset(i), batch.nameLength(i))));
    }
    Map<RejectReason, Long> rejected = new EnumMap<>(RejectReason.class);
    for (RejectReason reason : RejectReason.values()) {
      if (batch.rejected(reason) > 0) {
        rejected.put(reason, batch.rejected(reason));
      }
    }
    return new ReferenceSpans(rows, rejected);
  }

  private static Row row(String service, String version, Span span) {
    return new Row(
        service,
        version,
        HexFormat.of().formatHex(span.getTraceId().toByteArray()),
        span.getSpanId().asReadOnlyByteBuffer().getLong(),
        span.getParentSpanId().size() == 8
            ? span.getParentSpanId().asReadOnlyByteBuffer().getLong()
            : 0,
        SpanKind.fromWire(span.getKindValue()).ordinal(),
        StatusCode.fromWire(span.getStatus().getCodeValue()).ordinal(),
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano(),
        span.getName());
  }

  private static @Nullable RejectReason reason(Span span) {
    if (!isId(span.getTraceId(), 16)) {
      return RejectReason.INVALID_TRACE_ID;
    }
    if (!isId(span.getSpanId(), 8)) {
      return RejectReason.INVALID_SPAN_ID;
    }
    if (span.getStartTimeUnixNano() == 0 || span.getEndTimeUnixNano() == 0) {
      return RejectReason.MISSING_TIME;
    }
    BigInteger duration =
        new BigInteger(Long.toUnsignedString(span.getEndTimeUnixNano()))
            .subtract(new BigInteger(Long.toUnsignedString(span.getStartTimeUnixNano())));
    return duration.signum() < 0 || duration.bitLength() > 63
        ? RejectReason.END_BEFORE_START
        : null;
  }

  private static boolean isId(ByteString id, int size) {
    return id.size() == size && !id.equals(ByteString.copyFrom(new byte[size]));
  }

  private static String text(Resource resource, String key) {
    for (KeyValue attribute : resource.getAttributesList()) {
      if (attribute.getKey().equals(key)) {
        AnyValue value = attribute.getValue();
        return value.hasStringValue() ? value.getStringValue() : "";
      }
    }
    return "";
  }

  private static String text(SpanBatch batch, int offset, int length) {
    return new String(batch.bytes(), offset, length, StandardCharsets.UTF_8);
  }
}
