package io.krystaline.engine.decode;

/**
 * Walks a whole message by its {@link MessageShape} and refuses what protobuf-java refuses. The
 * depth is the number of messages and groups around the one that is walked.
 *
 * <p>Key-values are most of a span's bytes, so they have a walk of their own; it falls back to the
 * table for anything unusual.
 */
final class ShapeValidator {
  private static final int KEY = 1 << 3 | Wire.DELIMITED;
  private static final int VALUE = 2 << 3 | Wire.DELIMITED;
  private static final int STRING_VALUE = 1 << 3 | Wire.DELIMITED;
  private static final int INT_VALUE = 3 << 3;

  /** A plain key-value adds two levels, which must stay below the limit. */
  private static final int PLAIN_DEPTH_MAX = Wire.DEPTH_MAX - 2;

  /** With its length's byte a plain key-value has at least one word. */
  private static final int PLAIN_LENGTH_MIN = 7;

  private ShapeValidator() {}

  /**
   * Throws {@link MalformedWireException} at the first fault from {@code from} to {@code limit}.
   */
  static void validate(byte[] bytes, int from, int limit, MessageShape shape, int depth) {
    int at = from;
    while (at < limit) {
      at = field(bytes, at, limit, shape, depth);
    }
  }

  /** Checks one field and gives the position after it. */
  static int field(byte[] bytes, int from, int limit, MessageShape shape, int depth) {
    long packed = Wire.tag(bytes, from, limit);
    return value(bytes, Wire.position(packed), limit, Wire.value(packed), shape, depth);
  }

  /** Checks the value of a field whose tag is read, and gives the position after it. */
  static int value(byte[] bytes, int at, int limit, int tag, MessageShape shape, int depth) {
    return switch (shape.action(tag)) {
      case MessageShape.SKIP_VARINT -> Wire.skipVarint(bytes, at, limit);
      case MessageShape.SKIP_VARINT32 -> Wire.skipVarint32(bytes, at, limit);
      case MessageShape.SKIP_FIXED64 -> Wire.skipFixed(at, 8, limit);
      case MessageShape.SKIP_FIXED32 -> Wire.skipFixed(at, 4, limit);
      case MessageShape.SKIP_BYTES -> Wire.value(Wire.delimited(bytes, at, limit));
      case MessageShape.CHECK_STRING -> string(bytes, at, limit);
      case MessageShape.CHECK_KEY_VALUE -> keyValue(bytes, at, limit, depth);
      case MessageShape.CHECK_MESSAGE -> message(bytes, at, limit, shape.child(tag), depth);
      case MessageShape.CHECK_PACKED_VARINT -> packedVarints(bytes, at, limit);
      case MessageShape.CHECK_PACKED_FIXED64 -> packedFixed64(bytes, at, limit);
      default -> Wire.skip(bytes, at, limit, tag, depth);
    };
  }

  /** Checks a string and gives the position after it. */
  static int string(byte[] bytes, int at, int limit) {
    long range = Wire.delimited(bytes, at, limit);
    int end = Wire.value(range);
    Utf8.check(bytes, Wire.position(range), end);
    return end;
  }

  /** Checks a sub-message and gives the position after it. */
  static int message(byte[] bytes, int at, int limit, MessageShape child, int depth) {
    long range = Wire.delimited(bytes, at, limit);
    Wire.checkDepth(depth, at);
    int end = Wire.value(range);
    validate(bytes, Wire.position(range), end, child, depth + 1);
    return end;
  }

  /**
   * Checks a key-value that lies in a message of this depth, and gives the position after it.
   *
   * <p>Nearly all have one form: a key, then a string or an integer, every length in one byte. Tags
   * and lengths of that form are ASCII as the text is, so one scan over the whole covers them.
   */
  static int keyValue(byte[] bytes, int position, int limit, int depth) {
    if (position < limit && depth < PLAIN_DEPTH_MAX) {
      int length = bytes[position];
      int end = position + 1 + length;
      if (length >= PLAIN_LENGTH_MIN && end <= limit && bytes[position + 1] == KEY) {
        int value = position + 3 + bytes[position + 2];
        if (value > position
            && value + 4 <= end
            && bytes[value] == VALUE
            && value + 2 + bytes[value + 1] == end
            && isPlain(bytes, position, value, end)) {
          return end;
        }
      }
    }
    return anyKeyValue(bytes, position, limit, depth);
  }

  private static boolean isPlain(byte[] bytes, int position, int value, int end) {
    int tag = bytes[value + 2];
    if (tag == STRING_VALUE) {
      return value + 4 + bytes[value + 3] == end && Utf8.isAscii(bytes, position, end);
    }
    return tag == INT_VALUE
        && value - position >= 8
        && Utf8.isAscii(bytes, position, value)
        && Wire.skipVarint(bytes, value + 3, end) == end;
  }

  private static int anyKeyValue(byte[] bytes, int position, int limit, int depth) {
    long range = Wire.delimited(bytes, position, limit);
    Wire.checkDepth(depth, position);
    int end = Wire.value(range);
    int at = Wire.position(range);
    while (at < end) {
      int tag = bytes[at];
      if (tag == KEY) {
        at = string(bytes, at + 1, end);
      } else if (tag == VALUE) {
        at = anyValue(bytes, at + 1, end, depth + 1);
      } else {
        at = field(bytes, at, end, OtlpShapes.KEY_VALUE, depth + 1);
      }
    }
    return end;
  }

  private static int anyValue(byte[] bytes, int position, int limit, int depth) {
    long range = Wire.delimited(bytes, position, limit);
    Wire.checkDepth(depth, position);
    int end = Wire.value(range);
    int at = Wire.position(range);
    while (at < end) {
      int tag = bytes[at];
      if (tag == STRING_VALUE) {
        at = string(bytes, at + 1, end);
      } else if (tag == INT_VALUE) {
        at = Wire.skipVarint(bytes, at + 1, end);
      } else {
        at = field(bytes, at, end, OtlpShapes.ANY_VALUE, depth + 1);
      }
    }
    return end;
  }

  private static int packedVarints(byte[] bytes, int position, int limit) {
    long range = Wire.delimited(bytes, position, limit);
    int end = Wire.value(range);
    int at = Wire.position(range);
    while (at < end) {
      at = Wire.skipVarint(bytes, at, end);
    }
    return end;
  }

  private static int packedFixed64(byte[] bytes, int position, int limit) {
    long range = Wire.delimited(bytes, position, limit);
    int end = Wire.value(range);
    if ((end - Wire.position(range) & 7) != 0) {
      throw Wire.truncated(position);
    }
    return end;
  }
}
