package io.krystaline.bench.load;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes an export in OTLP's JSON, and notes where ids and times lie. Of values it knows text and
 * whole numbers; others are written as text. Owned by one thread.
 */
final class JsonMessage {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
  private final SpanPlaces places = SpanPlaces.none();

  private JsonMessage() {}

  /** A message with the places of what is stamped. */
  static Window.Encoded encode(ExportTraceServiceRequest request, int first) {
    JsonMessage json = new JsonMessage();
    json.raw("{\"resourceSpans\":");
    json.list(request.getResourceSpansList(), json::resource);
    json.raw("}");
    return new Window.Encoded(json.out.toByteArray(), json.places, first);
  }

  private void resource(ResourceSpans resource) {
    raw("{\"resource\":{\"attributes\":");
    list(resource.getResource().getAttributesList(), this::attribute);
    raw("},\"scopeSpans\":");
    list(resource.getScopeSpansList(), this::scope);
    raw("}");
  }

  private void scope(ScopeSpans scope) {
    raw("{\"scope\":{\"name\":");
    text(scope.getScope().getName());
    raw(",\"version\":");
    text(scope.getScope().getVersion());
    raw("},\"spans\":");
    list(scope.getSpansList(), this::span);
    raw("}");
  }

  private void span(Span span) {
    int number = places.addSpan();
    raw("{\"traceId\":\"");
    places.traceId(number, id(span.getTraceId()));
    raw(",\"spanId\":\"");
    places.spanId(number, id(span.getSpanId()));
    if (!span.getParentSpanId().isEmpty()) {
      raw(",\"parentSpanId\":\"");
      places.parentId(number, id(span.getParentSpanId()));
    }
    raw(",\"flags\":" + span.getFlags() + ",\"name\":");
    text(span.getName());
    raw(",\"kind\":" + span.getKindValue() + ",\"startTimeUnixNano\":\"");
    places.start(number, time(span.getStartTimeUnixNano()));
    raw(",\"endTimeUnixNano\":\"");
    places.end(number, time(span.getEndTimeUnixNano()));
    raw(",\"attributes\":");
    list(span.getAttributesList(), this::attribute);
    if (span.getEventsCount() > 0) {
      raw(",\"events\":");
      list(span.getEventsList(), event -> event(event, number));
    }
    raw(",\"status\":{");
    if (span.getStatus().getCodeValue() != 0) {
      raw("\"code\":" + span.getStatus().getCodeValue() + ",\"message\":");
      text(span.getStatus().getMessage());
    }
    raw("}}");
  }

  private void event(Span.Event event, int span) {
    raw("{\"timeUnixNano\":\"");
    places.addEvent(span, time(event.getTimeUnixNano()));
    raw(",\"name\":");
    text(event.getName());
    raw(",\"attributes\":");
    list(event.getAttributesList(), this::attribute);
    raw("}");
  }

  private void attribute(KeyValue attribute) {
    raw("{\"key\":");
    text(attribute.getKey());
    AnyValue value = attribute.getValue();
    if (value.hasIntValue()) {
      raw(",\"value\":{\"intValue\":\"" + value.getIntValue() + "\"}}");
    } else {
      raw(",\"value\":{\"stringValue\":");
      text(value.hasStringValue() ? value.getStringValue() : value.toString());
      raw("}}");
    }
  }

  private <T> void list(List<T> items, Consumer<T> writer) {
    raw("[");
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        raw(",");
      }
      writer.accept(items.get(i));
    }
    raw("]");
  }

  /** Writes an id and its closing quote; tells where its digits begin. */
  private int id(ByteString id) {
    int at = out.size();
    raw(HexFormat.of().formatHex(id.toByteArray()) + "\"");
    return at;
  }

  private int time(long nanos) {
    int at = out.size();
    String digits = Long.toString(nanos);
    raw("0".repeat(Encoding.TIME_DIGITS - digits.length()) + digits + "\"");
    return at;
  }

  private void text(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 8).append('"');
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter == '"' || letter == '\\') {
        quoted.append('\\').append(letter);
      } else if (letter < ' ') {
        quoted.append("\\u%04x".formatted((int) letter));
      } else {
        quoted.append(letter);
      }
    }
    raw(quoted.append('"').toString());
  }

  private void raw(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
