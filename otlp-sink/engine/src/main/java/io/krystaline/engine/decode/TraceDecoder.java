package io.krystaline.engine.decode;

import io.krystaline.engine.span.RejectReason;
import io.krystaline.engine.span.SpanBatch;
import java.util.Objects;

/**
 * Walks the bytes of an OTLP {@code ExportTraceServiceRequest} (or {@code TracesData}) and fills a
 * {@link SpanBatch}, without an object per span, attribute or message.
 *
 * <p>A message is taken in whole or refused whole. It is refused exactly where protobuf-java 4.36
 * refuses it with its default settings: fields that are cut off, varints over ten bytes, field
 * number 0, unknown wire types, groups without a partner, lengths beyond their message, strings
 * that are not UTF-8 (also in attributes, events and links), more than 100 levels. Fields may come
 * in any order, unknown ones are skipped, a field given twice counts with its last value and
 * sub-messages given twice are merged.
 *
 * <p>A span with invalid ids or times gets no row and is counted by {@link RejectReason}; ids are
 * looked at before times. The service's name is the resource's first {@code service.name}
 * attribute, its version the first {@code service.version}; where that is empty or no string there
 * is none.
 *
 * <p>Owned by one thread.
 */
public final class TraceDecoder {
  private static final int TRACE_ID = 1 << 3 | Wire.DELIMITED;
  private static final int SPAN_ID = 2 << 3 | Wire.DELIMITED;
  private static final int PARENT_SPAN_ID = 4 << 3 | Wire.DELIMITED;
  private static final int NAME = 5 << 3 | Wire.DELIMITED;
  private static final int KIND = 6 << 3;
  private static final int START_TIME = 7 << 3 | Wire.FIXED64;
  private static final int END_TIME = 8 << 3 | Wire.FIXED64;
  private static final int ATTRIBUTES = 9 << 3 | Wire.DELIMITED;
  private static final int STATUS = 15 << 3 | Wire.DELIMITED;

  private static final int RESOURCE_SPANS = 1 << 3 | Wire.DELIMITED;
  private static final int RESOURCE = 1 << 3 | Wire.DELIMITED;
  private static final int SCOPE_SPANS = 2 << 3 | Wire.DELIMITED;
  private static final int SCOPE = 1 << 3 | Wire.DELIMITED;
  private static final int SPANS = 2 << 3 | Wire.DELIMITED;
  private static final int RESOURCE_ATTRIBUTES = 1 << 3 | Wire.DELIMITED;
  private static final int STATUS_CODE = 3 << 3;

  /** Content of an absent or empty message. */
  private static final long NOTHING = 0;

  /** The least tag that is not field number 0. */
  private static final int ONE_BYTE_TAG_MIN = 8;

  private static final int SPAN_DEPTH = 3;

  /** Trace and span id with their tags and lengths. */
  private static final int IDS_BYTES = 28;

  /** A kind of one byte and both times, with their tags. */
  private static final int KIND_AND_TIMES_BYTES = 20;

  /** Of the resource at hand: what {@link ResourceText} found, and where the resource lies. */
  private long service = ResourceText.OTHER_KEY;

  private long version = ResourceText.OTHER_KEY;
  private long resourceRange = NOTHING;

  /** Creates a decoder for one thread. */
  public TraceDecoder() {}

  /**
   * Decodes one message into the batch, whose earlier content is dropped.
   *
   * @param offset position of the message's first byte in {@code bytes}
   * @param length its length in bytes; 0 is a valid message without spans
   * @return {@link DecodeResult#DECODED}, or why the message is refused; then the batch is empty
   * @throws IndexOutOfBoundsException if the range does not lie in {@code bytes}
   */
  public DecodeResult decode(byte[] bytes, int offset, int length, SpanBatch batch) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    batch.reset(bytes);
    try {
      request(bytes, offset, offset + length, batch);
      return DecodeResult.DECODED;
    } catch (MalformedWireException malformed) {
      batch.reset(bytes);
      return new DecodeResult.Malformed(malformed.describe(offset));
    }
  }

  private void request(byte[] bytes, int from, int limit, SpanBatch batch) {
    int at = from;
    while (at < limit) {
      long packed = Wire.tag(bytes, at, limit);
      int tag = Wire.value(packed);
      at = Wire.position(packed);
      if (tag == RESOURCE_SPANS) {
        long range = Wire.delimited(bytes, at, limit);
        at = Wire.value(range);
        resourceSpans(bytes, Wire.position(range), at, batch);
      } else {
        at = Wire.skip(bytes, at, limit, tag, 0);
      }
    }
  }

  private void resourceSpans(byte[] bytes, int from, int limit, SpanBatch batch) {
    int index = batch.resourceCount();
    int rowsBefore = batch.spanCount();
    service = ResourceText.OTHER_KEY;
    version = ResourceText.OTHER_KEY;
    resourceRange = NOTHING;
    int at = from;
    while (at < limit) {
      long packed = Wire.tag(bytes, at, limit);
      int tag = Wire.value(packed);
      at = Wire.position(packed);
      if (tag == SCOPE_SPANS) {
        long range = Wire.delimited(bytes, at, limit);
        at = Wire.value(range);
        scopeSpans(bytes, Wire.position(range), at, index, batch);
      } else if (tag == RESOURCE) {
        long range = Wire.delimited(bytes, at, limit);
        at = Wire.value(range);
        resource(bytes, range);
      } else {
        at = ShapeValidator.value(bytes, at, limit, tag, OtlpShapes.RESOURCE_SPANS, 1);
      }
    }
    if (batch.spanCount() > rowsBefore) {
      addResource(batch);
    }
  }

  private void addResource(SpanBatch batch) {
    boolean named = service >= 0;
    int serviceOffset = named ? Wire.position(service) : 0;
    int serviceLength = named ? Wire.value(service) - serviceOffset : -1;
    int resourceOffset = Wire.position(resourceRange);
    int resourceLength = Wire.value(resourceRange) - resourceOffset;
    boolean versioned = version >= 0;
    int versionOffset = versioned ? Wire.position(version) : 0;
    int versionLength = versioned ? Wire.value(version) - versionOffset : -1;
    batch.addResource(
        serviceOffset, serviceLength, versionOffset, versionLength, resourceOffset, resourceLength);
  }

  /** A resource given twice is merged: of its parts, the one that decided the service is kept. */
  private void resource(byte[] bytes, long range) {
    boolean decidedBefore = service != ResourceText.OTHER_KEY;
    int limit = Wire.value(range);
    int at = Wire.position(range);
    while (at < limit) {
      long packed = Wire.tag(bytes, at, limit);
      int tag = Wire.value(packed);
      int content = Wire.position(packed);
      at = ShapeValidator.value(bytes, content, limit, tag, OtlpShapes.RESOURCE, 2);
      if (tag == RESOURCE_ATTRIBUTES) {
        long keyValue = Wire.delimited(bytes, content, limit);
        attribute(bytes, Wire.position(keyValue), Wire.value(keyValue));
      }
    }
    if (!decidedBefore) {
      resourceRange = range;
    }
  }

  /** Of attributes with the same key the first one counts. */
  private void attribute(byte[] bytes, int from, int limit) {
    if (service == ResourceText.OTHER_KEY) {
      service = ResourceText.serviceName(bytes, from, limit);
    }
    if (version == ResourceText.OTHER_KEY) {
      version = ResourceText.serviceVersion(bytes, from, limit);
    }
  }

  private static void scopeSpans(byte[] bytes, int from, int limit, int index, SpanBatch batch) {
    int firstRow = batch.spanCount();
    long scopeRange = NOTHING;
    int at = from;
    while (at < limit) {
      long packed = Wire.tag(bytes, at, limit);
      int tag = Wire.value(packed);
      at = Wire.position(packed);
      if (tag == SPANS) {
        long range = Wire.delimited(bytes, at, limit);
        at = Wire.value(range);
        span(bytes, Wire.position(range), at, index, batch);
      } else {
        if (tag == SCOPE) {
          scopeRange = Wire.delimited(bytes, at, limit);
        }
        at = ShapeValidator.value(bytes, at, limit, tag, OtlpShapes.SCOPE_SPANS, 2);
      }
    }
    if (batch.spanCount() > firstRow) {
      int scopeOffset = Wire.position(scopeRange);
      batch.addScope(firstRow, scopeOffset, Wire.value(scopeRange) - scopeOffset);
    }
  }

  private static void span(byte[] bytes, int from, int limit, int resource, SpanBatch batch) {
    long traceId = NOTHING;
    long spanId = NOTHING;
    long parentId = NOTHING;
    long name = NOTHING;
    int kind = 0;
    int status = 0;
    long startNanos = 0;
    long endNanos = 0;
    int at = from;
    if (limit - at >= IDS_BYTES
        && bytes[at] == TRACE_ID
        && bytes[at + 1] == 16
        && bytes[at + 18] == SPAN_ID
        && bytes[at + 19] == 8) {
      // Nearly all encoders write the fields in the order of their numbers.
      traceId = Wire.range(at + 2, at + 18);
      spanId = Wire.range(at + 20, at + IDS_BYTES);
      at += IDS_BYTES;
      if (limit - at >= 10 && bytes[at] == PARENT_SPAN_ID && bytes[at + 1] == 8) {
        parentId = Wire.range(at + 2, at + 10);
        at += 10;
      }
      if (at < limit && bytes[at] == NAME) {
        name = Wire.delimited(bytes, at + 1, limit);
        at = Wire.value(name);
        Utf8.check(bytes, Wire.position(name), at);
      }
      if (limit - at >= KIND_AND_TIMES_BYTES
          && bytes[at] == KIND
          && bytes[at + 1] >= 0
          && bytes[at + 2] == START_TIME
          && bytes[at + 11] == END_TIME) {
        kind = bytes[at + 1];
        startNanos = Wire.littleLong(bytes, at + 3);
        endNanos = Wire.littleLong(bytes, at + 12);
        at += KIND_AND_TIMES_BYTES;
      }
    }
    while (at < limit) {
      int tag = bytes[at];
      if (tag == ATTRIBUTES) {
        at = ShapeValidator.keyValue(bytes, at + 1, limit, SPAN_DEPTH);
        continue;
      }
      if (tag >= ONE_BYTE_TAG_MIN) {
        at++;
      } else {
        long packed = Wire.tag(bytes, at, limit);
        tag = Wire.value(packed);
        at = Wire.position(packed);
      }
      switch (tag) {
        case TRACE_ID -> {
          traceId = Wire.delimited(bytes, at, limit);
          at = Wire.value(traceId);
        }
        case SPAN_ID -> {
          spanId = Wire.delimited(bytes, at, limit);
          at = Wire.value(spanId);
        }
        case PARENT_SPAN_ID -> {
          parentId = Wire.delimited(bytes, at, limit);
          at = Wire.value(parentId);
        }
        case NAME -> {
          name = Wire.delimited(bytes, at, limit);
          at = Wire.value(name);
          Utf8.check(bytes, Wire.position(name), at);
        }
        case KIND -> {
          long varint = Wire.varint32(bytes, at, limit);
          kind = Wire.value(varint);
          at = Wire.position(varint);
        }
        case START_TIME -> {
          startNanos = Wire.fixed64(bytes, at, limit);
          at += 8;
        }
        case END_TIME -> {
          endNanos = Wire.fixed64(bytes, at, limit);
          at += 8;
        }
        case STATUS -> {
          int statusAt = at;
          at = ShapeValidator.message(bytes, at, limit, OtlpShapes.STATUS, SPAN_DEPTH);
          status = statusCode(bytes, Wire.delimited(bytes, statusAt, limit), status);
        }
        default -> at = ShapeValidator.value(bytes, at, limit, tag, OtlpShapes.SPAN, SPAN_DEPTH);
      }
    }
    add(
        bytes,
        resource,
        traceId,
        spanId,
        parentId,
        kind,
        status,
        startNanos,
        endNanos,
        name,
        from,
        limit,
        batch);
  }

  private static void add(
      byte[] bytes,
      int resource,
      long traceId,
      long spanId,
      long parentId,
      int kind,
      int status,
      long startNanos,
      long endNanos,
      long name,
      int from,
      int limit,
      SpanBatch batch) {
    long traceIdHigh = 0;
    long traceIdLow = 0;
    int traceIdOffset = Wire.position(traceId);
    if (Wire.value(traceId) - traceIdOffset == 16) {
      traceIdHigh = Wire.bigLong(bytes, traceIdOffset);
      traceIdLow = Wire.bigLong(bytes, traceIdOffset + 8);
    }
    if ((traceIdHigh | traceIdLow) == 0) {
      batch.reject(RejectReason.INVALID_TRACE_ID);
      return;
    }
    long spanIdValue = id(bytes, spanId);
    if (spanIdValue == 0) {
      batch.reject(RejectReason.INVALID_SPAN_ID);
      return;
    }
    if (startNanos == 0 || endNanos == 0) {
      batch.reject(RejectReason.MISSING_TIME);
      return;
    }
    if (Long.compareUnsigned(endNanos, startNanos) < 0 || endNanos - startNanos < 0) {
      batch.reject(RejectReason.END_BEFORE_START);
      return;
    }
    int nameOffset = Wire.position(name);
    batch.addSpan(
        resource,
        traceIdHigh,
        traceIdLow,
        spanIdValue,
        id(bytes, parentId),
        kind,
        status,
        startNanos,
        endNanos,
        nameOffset,
        Wire.value(name) - nameOffset,
        from,
        limit - from);
  }

  /** Eight bytes, big-endian; 0 where there is another number of bytes. */
  private static long id(byte[] bytes, long range) {
    int offset = Wire.position(range);
    return Wire.value(range) - offset == 8 ? Wire.bigLong(bytes, offset) : 0;
  }

  /** The last code of a validated status, or {@code before} where it has none. */
  private static int statusCode(byte[] bytes, long range, int before) {
    int code = before;
    int limit = Wire.value(range);
    int at = Wire.position(range);
    while (at < limit) {
      long packed = Wire.tag(bytes, at, limit);
      int tag = Wire.value(packed);
      at = Wire.position(packed);
      if (tag == STATUS_CODE) {
        code = Wire.value(Wire.varint32(bytes, at, limit));
      }
      at = Wire.skip(bytes, at, limit, tag, 0);
    }
    return code;
  }
}
