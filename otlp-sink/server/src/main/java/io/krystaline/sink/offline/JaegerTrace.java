package io.krystaline.sink.offline;

import com.fasterxml.jackson.databind.JsonNode;
import io.krystaline.engine.span.RejectReason;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.engine.span.StatusCode;
import io.krystaline.engine.span.TraceId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Turns a trace in Jaeger's JSON into rows of a span batch. */
final class JaegerTrace {
  private static final String ZEROS = "0".repeat(32);

  private record Row(JsonNode span, int nameOffset, int nameLength) {}

  private JaegerTrace() {}

  /**
   * Fills the batch with the spans of one service that start in a window, microseconds, the end not
   * included.
   */
  static void fill(
      SpanBatch batch, JsonNode trace, String service, long fromMicros, long untilMicros) {
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    byte[] serviceName = service.getBytes(StandardCharsets.UTF_8);
    names.writeBytes(serviceName);
    List<Row> rows = new ArrayList<>();
    for (JsonNode span : trace.path("spans")) {
      long start = span.path("startTime").asLong();
      String owner =
          trace
              .path("processes")
              .path(span.path("processID").asText())
              .path("serviceName")
              .asText();
      if (owner.equals(service) && start >= fromMicros && start < untilMicros) {
        byte[] name = span.path("operationName").asText().getBytes(StandardCharsets.UTF_8);
        rows.add(new Row(span, names.size(), name.length));
        names.writeBytes(name);
      }
    }
    batch.reset(names.toByteArray());
    batch.addResource(0, serviceName.length, 0, 0);
    rows.forEach(row -> add(batch, row));
  }

  private static void add(SpanBatch batch, Row row) {
    JsonNode span = row.span();
    long startMicros = span.path("startTime").asLong();
    long durationMicros = span.path("duration").asLong();
    TraceId traceId;
    SpanId spanId;
    try {
      traceId = TraceId.parse(padded(span.path("traceID").asText(), 32));
      spanId = SpanId.parse(padded(span.path("spanID").asText(), 16));
    } catch (IllegalArgumentException e) {
      batch.reject(RejectReason.INVALID_TRACE_ID);
      return;
    }
    if (durationMicros < 0) {
      batch.reject(RejectReason.END_BEFORE_START);
      return;
    }
    batch.addSpan(
        0,
        traceId.high(),
        traceId.low(),
        spanId.value(),
        0,
        kind(span).ordinal(),
        StatusCode.UNSET.ordinal(),
        startMicros * 1_000,
        (startMicros + durationMicros) * 1_000,
        row.nameOffset(),
        row.nameLength(),
        0,
        0);
  }

  /** The kind that Jaeger keeps as a tag; unspecified where there is none. */
  private static SpanKind kind(JsonNode span) {
    for (JsonNode tag : span.path("tags")) {
      if (tag.path("key").asText().equals("span.kind")) {
        return switch (tag.path("value").asText().toLowerCase(Locale.ROOT)) {
          case "server" -> SpanKind.SERVER;
          case "client" -> SpanKind.CLIENT;
          case "producer" -> SpanKind.PRODUCER;
          case "consumer" -> SpanKind.CONSUMER;
          case "internal" -> SpanKind.INTERNAL;
          default -> SpanKind.UNSPECIFIED;
        };
      }
    }
    return SpanKind.UNSPECIFIED;
  }

  private static String padded(String hex, int digits) {
    return hex.length() < digits ? ZEROS.substring(0, digits - hex.length()) + hex : hex;
  }
}
