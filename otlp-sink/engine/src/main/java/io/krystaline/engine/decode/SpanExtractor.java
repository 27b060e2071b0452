package io.krystaline.engine.decode;

import io.krystaline.engine.span.SpanBatch;
import java.util.Objects;

/**
 * Copies one span with its resource and scope into a message of its own, a serialized {@code
 * ExportTraceServiceRequest} with one span, byte for byte as it was sent. {@link SpanDetails} reads
 * it back. Safe for any thread: it holds no state.
 */
public final class SpanExtractor {
  private static final int FIRST_FIELD = 1 << 3 | Wire.DELIMITED;
  private static final int SECOND_FIELD = 2 << 3 | Wire.DELIMITED;

  /** Creates an extractor. */
  public SpanExtractor() {}

  /**
   * The size in bytes of what {@link #extract(SpanBatch, int)} gives, so that a caller can keep a
   * limit before anything is copied.
   */
  public int extractedLength(SpanBatch batch, int row) {
    Objects.checkIndex(row, batch.spanCount());
    int scope = batch.scope(row);
    return messageLength(
        batch.resourceLength(batch.resource(row)), batch.scopeLength(scope), batch.spanLength(row));
  }

  /**
   * Copies a row of a batch, while the batch's bytes are valid.
   *
   * @throws IndexOutOfBoundsException if the batch has no such row
   */
  public byte[] extract(SpanBatch batch, int row) {
    Objects.checkIndex(row, batch.spanCount());
    int resource = batch.resource(row);
    int scope = batch.scope(row);
    return write(
        batch.bytes(),
        batch.resourceOffset(resource),
        batch.resourceLength(resource),
        batch.scopeOffset(scope),
        batch.scopeLength(scope),
        batch.spanOffset(row),
        batch.spanLength(row));
  }

  /**
   * Copies a span from the contents of a {@code Resource} and a {@code Span} message.
   *
   * @param resourceLength 0 where there is no resource
   * @throws IndexOutOfBoundsException if a range does not lie in {@code bytes}
   */
  public byte[] extract(
      byte[] bytes, int resourceOffset, int resourceLength, int spanOffset, int spanLength) {
    Objects.checkFromIndexSize(resourceOffset, resourceLength, bytes.length);
    Objects.checkFromIndexSize(spanOffset, spanLength, bytes.length);
    return write(bytes, resourceOffset, resourceLength, 0, 0, spanOffset, spanLength);
  }

  private static byte[] write(
      byte[] bytes,
      int resourceOffset,
      int resourceLength,
      int scopeOffset,
      int scopeLength,
      int spanOffset,
      int spanLength) {
    int scopeSpans = optionalField(scopeLength) + field(spanLength);
    int resourceSpans = optionalField(resourceLength) + field(scopeSpans);
    byte[] message = new byte[field(resourceSpans)];
    int at = head(message, 0, FIRST_FIELD, resourceSpans);
    if (resourceLength > 0) {
      at = copy(message, at, FIRST_FIELD, bytes, resourceOffset, resourceLength);
    }
    at = head(message, at, SECOND_FIELD, scopeSpans);
    if (scopeLength > 0) {
      at = copy(message, at, FIRST_FIELD, bytes, scopeOffset, scopeLength);
    }
    copy(message, at, SECOND_FIELD, bytes, spanOffset, spanLength);
    return message;
  }

  private static int messageLength(int resourceLength, int scopeLength, int spanLength) {
    int scopeSpans = optionalField(scopeLength) + field(spanLength);
    return field(optionalField(resourceLength) + field(scopeSpans));
  }

  private static int optionalField(int length) {
    return length == 0 ? 0 : field(length);
  }

  /** Tag, length and content; refuses what an array cannot hold. */
  private static int field(int length) {
    return Math.addExact(1 + ProtobufBuffer.varintSize(length), length);
  }

  private static int head(byte[] message, int position, int tag, int length) {
    int at = position;
    message[at++] = (byte) tag;
    int rest = length;
    while (rest >= 0x80) {
      message[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    message[at++] = (byte) rest;
    return at;
  }

  private static int copy(
      byte[] message, int position, int tag, byte[] source, int offset, int length) {
    int at = head(message, position, tag, length);
    System.arraycopy(source, offset, message, at, length);
    return at + length;
  }
}
