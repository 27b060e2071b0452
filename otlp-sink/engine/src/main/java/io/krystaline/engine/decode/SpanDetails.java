package io.krystaline.engine.decode;

import io.krystaline.engine.span.SpanBatch;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.engine.span.StatusCode;
import io.krystaline.engine.span.TraceId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads one span with its attributes, events and links, as {@link SpanExtractor} wrote it. For the
 * few spans that someone looks at, not for every span. Safe for any thread.
 */
public final class SpanDetails {
  private final SpanDetailLimits limits;
  private final AttributeReader attributes;

  private SpanDetails(SpanDetailLimits limits) {
    this.limits = limits;
    this.attributes = new AttributeReader(limits);
  }

  /** Reads with {@link SpanDetailLimits#DEFAULT}. */
  public static Optional<SpanDetail> read(byte[] bytes) {
    return read(bytes, 0, bytes.length, SpanDetailLimits.DEFAULT);
  }

  /**
   * Reads the first valid span of a message.
   *
   * @return empty where the bytes are no OTLP traces message, or hold no valid span
   * @throws IndexOutOfBoundsException if the range does not lie in {@code bytes}
   */
  public static Optional<SpanDetail> read(
      byte[] bytes, int offset, int length, SpanDetailLimits limits) {
    SpanBatch batch = new SpanBatch(1);
    DecodeResult result = new TraceDecoder().decode(bytes, offset, length, batch);
    if (result instanceof DecodeResult.Malformed || batch.spanCount() == 0) {
      return Optional.empty();
    }
    return Optional.of(new SpanDetails(limits).read(batch, 0));
  }

  /**
   * Reads a row of a batch, while the batch's bytes are valid.
   *
   * @throws IndexOutOfBoundsException if the batch has no such row
   */
  public static SpanDetail read(SpanBatch batch, int row, SpanDetailLimits limits) {
    Objects.checkIndex(row, batch.spanCount());
    return new SpanDetails(limits).read(batch, row);
  }

  private SpanDetail read(SpanBatch batch, int row) {
    byte[] bytes = batch.bytes();
    int resource = batch.resource(row);
    String statusMessage = "";
    String traceState = "";
    long attributesDropped = 0;
    List<Attribute> spanAttributes = new ArrayList<>();
    List<SpanEvent> events = new ArrayList<>();
    List<SpanLink> links = new ArrayList<>();
    int attributesSeen = 0;
    int eventsSeen = 0;
    int linksSeen = 0;
    FieldCursor span = new FieldCursor(bytes, batch.spanOffset(row), batch.spanLength(row));
    while (span.next()) {
      if (span.is(9, Wire.DELIMITED)) {
        attributes.add(span, spanAttributes, attributesSeen++);
      } else if (span.is(3, Wire.DELIMITED)) {
        traceState = span.text(limits.textBytesMax());
      } else if (span.is(10, Wire.VARINT)) {
        attributesDropped = span.varint() & 0xffffffffL;
      } else if (span.is(11, Wire.DELIMITED)) {
        if (eventsSeen++ < limits.eventsMax()) {
          events.add(event(span.message()));
        }
      } else if (span.is(13, Wire.DELIMITED)) {
        if (linksSeen++ < limits.linksMax()) {
          links.add(link(span.message()));
        }
      } else if (span.is(15, Wire.DELIMITED)) {
        statusMessage = statusMessage(span.message(), statusMessage);
      }
    }
    return new SpanDetail(
        new TraceId(batch.traceIdHigh(row), batch.traceIdLow(row)),
        new SpanId(batch.spanId(row)),
        new SpanId(batch.parentSpanId(row)),
        traceState,
        service(batch, resource),
        text(bytes, batch.nameOffset(row), batch.nameLength(row)),
        SpanKind.fromWire(batch.kind(row)),
        batch.startNanos(row),
        batch.endNanos(row),
        StatusCode.fromWire(batch.status(row)),
        statusMessage,
        attributes.closed(spanAttributes, attributesSeen),
        attributesDropped,
        events,
        eventsSeen - events.size(),
        links,
        linksSeen - links.size(),
        resourceAttributes(batch, resource),
        scopeText(batch, row, 1),
        scopeText(batch, row, 2));
  }

  private String statusMessage(FieldCursor status, String before) {
    String message = before;
    while (status.next()) {
      if (status.is(2, Wire.DELIMITED)) {
        message = status.text(limits.textBytesMax());
      }
    }
    return message;
  }

  private SpanEvent event(FieldCursor event) {
    long timeNanos = 0;
    String name = "";
    int seen = 0;
    List<Attribute> found = new ArrayList<>();
    while (event.next()) {
      if (event.is(1, Wire.FIXED64)) {
        timeNanos = event.fixed64();
      } else if (event.is(2, Wire.DELIMITED)) {
        name = event.text(limits.textBytesMax());
      } else if (event.is(3, Wire.DELIMITED)) {
        attributes.add(event, found, seen++);
      }
    }
    return new SpanEvent(timeNanos, name, attributes.closed(found, seen));
  }

  private SpanLink link(FieldCursor link) {
    long high = 0;
    long low = 0;
    long spanId = 0;
    int seen = 0;
    List<Attribute> found = new ArrayList<>();
    while (link.next()) {
      if (link.is(1, Wire.DELIMITED)) {
        high = link.idHalf(0);
        low = link.idHalf(1);
      } else if (link.is(2, Wire.DELIMITED)) {
        spanId = link.id();
      } else if (link.is(4, Wire.DELIMITED)) {
        attributes.add(link, found, seen++);
      }
    }
    return new SpanLink(new TraceId(high, low), new SpanId(spanId), attributes.closed(found, seen));
  }

  private List<Attribute> resourceAttributes(SpanBatch batch, int resource) {
    FieldCursor fields =
        new FieldCursor(
            batch.bytes(), batch.resourceOffset(resource), batch.resourceLength(resource));
    int seen = 0;
    List<Attribute> found = new ArrayList<>();
    while (fields.next()) {
      if (fields.is(1, Wire.DELIMITED)) {
        attributes.add(fields, found, seen++);
      }
    }
    return attributes.closed(found, seen);
  }

  private String scopeText(SpanBatch batch, int row, int number) {
    int scope = batch.scope(row);
    String text = "";
    FieldCursor fields =
        new FieldCursor(batch.bytes(), batch.scopeOffset(scope), batch.scopeLength(scope));
    while (fields.next()) {
      if (fields.is(number, Wire.DELIMITED)) {
        text = fields.text(limits.textBytesMax());
      }
    }
    return text;
  }

  private String service(SpanBatch batch, int resource) {
    int length = batch.serviceLength(resource);
    return length < 0
        ? SpanDetail.UNKNOWN_SERVICE
        : text(batch.bytes(), batch.serviceOffset(resource), length);
  }

  /** Names are whole: they are the operation's key. */
  private static String text(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }
}
