package io.krystaline.engine.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Steps through the fields of one validated message, for reading on demand. Owned by one thread.
 */
final class FieldCursor {
  private final byte[] bytes;
  private final int limit;
  private int at;
  private int tag;
  private int value;
  private int valueEnd;

  FieldCursor(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.at = offset;
    this.limit = offset + length;
  }

  /** Moves to the next field; false at the end. */
  boolean next() {
    if (at >= limit) {
      return false;
    }
    long packed = Wire.tag(bytes, at, limit);
    tag = Wire.value(packed);
    value = Wire.position(packed);
    at = Wire.skip(bytes, value, limit, tag, 0);
    valueEnd = at;
    if ((tag & 7) == Wire.DELIMITED) {
      value = Wire.position(Wire.delimited(bytes, value, limit));
    }
    return true;
  }

  /** Whether the field has this number and type, so that its value can be read as such. */
  boolean is(int number, int wireType) {
    return tag == (number << 3 | wireType);
  }

  /** The field's tag. */
  int tag() {
    return tag;
  }

  long varint() {
    return Wire.varint64(bytes, value, valueEnd);
  }

  long fixed64() {
    return Wire.fixed64(bytes, value, valueEnd);
  }

  /** The eight bytes of an id, big-endian; 0 where there is another number of bytes. */
  long id() {
    return valueEnd - value == 8 ? Wire.bigLong(bytes, value) : 0;
  }

  /** One half of a trace id of sixteen bytes; 0 where there is another number of bytes. */
  long idHalf(int half) {
    return valueEnd - value == 16 ? Wire.bigLong(bytes, value + 8 * half) : 0;
  }

  /** A text, cut to so many bytes at the beginning of a character, with a note of what is gone. */
  String text(int bytesMax) {
    int length = valueEnd - value;
    if (length <= bytesMax) {
      return new String(bytes, value, length, StandardCharsets.UTF_8);
    }
    int end = value + bytesMax;
    while (end > value && (bytes[end] & 0xc0) == 0x80) {
      end--;
    }
    return new String(bytes, value, end - value, StandardCharsets.UTF_8)
        + "… (+"
        + (valueEnd - end)
        + " bytes)";
  }

  AttributeValue binary(int bytesMax) {
    int end = Math.min(valueEnd, value + bytesMax);
    return new AttributeValue.Binary(
        Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, value, end)),
        valueEnd - value);
  }

  /** The sub-message that is the field's value. */
  FieldCursor message() {
    return new FieldCursor(bytes, value, valueEnd - value);
  }
}
