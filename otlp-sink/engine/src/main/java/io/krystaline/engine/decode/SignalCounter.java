package io.krystaline.engine.decode;

import java.util.Objects;

/**
 * Validates the protobuf bytes of an export request as strictly as {@link TraceDecoder} does, and
 * counts its items: data points of metrics, records of logs, spans of traces. Builds nothing; not
 * for reading values. Safe for any thread: it holds no state.
 */
public final class SignalCounter {
  private final MessageShape request;

  /** Creates a counter of this signal's items. */
  public SignalCounter(Signal signal) {
    request = OtlpShapes.request(signal);
  }

  /**
   * Validates and counts one message.
   *
   * @param offset position of the message's first byte in {@code bytes}
   * @param length its length in bytes; 0 is a valid message without items
   * @throws IndexOutOfBoundsException if the range does not lie in {@code bytes}
   */
  public CountResult count(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    try {
      ShapeValidator.validate(bytes, offset, offset + length, request, 0);
      return new CountResult.Counted(items(bytes, offset, offset + length, request));
    } catch (MalformedWireException malformed) {
      return new CountResult.Malformed(malformed.describe(offset));
    }
  }

  /** Counts below a validated message. */
  private static long items(byte[] bytes, int from, int limit, MessageShape shape) {
    long items = 0;
    int at = from;
    while (at < limit) {
      long packed = Wire.tag(bytes, at, limit);
      int tag = Wire.value(packed);
      at = Wire.position(packed);
      if (shape.action(tag) == MessageShape.CHECK_MESSAGE) {
        long range = Wire.delimited(bytes, at, limit);
        at = Wire.value(range);
        MessageShape child = shape.child(tag);
        if (isItem(child)) {
          items++;
        } else if (holdsItems(child)) {
          items += items(bytes, Wire.position(range), at, child);
        }
      } else {
        at = Wire.skip(bytes, at, limit, tag, 0);
      }
    }
    return items;
  }

  private static boolean isItem(MessageShape shape) {
    return shape == OtlpShapes.SPAN
        || shape == OtlpShapes.LOG_RECORD
        || shape == OtlpShapes.NUMBER_DATA_POINT
        || shape == OtlpShapes.HISTOGRAM_DATA_POINT
        || shape == OtlpShapes.EXPONENTIAL_HISTOGRAM_DATA_POINT
        || shape == OtlpShapes.SUMMARY_DATA_POINT;
  }

  private static boolean holdsItems(MessageShape shape) {
    return shape != OtlpShapes.RESOURCE && shape != OtlpShapes.INSTRUMENTATION_SCOPE;
  }
}
