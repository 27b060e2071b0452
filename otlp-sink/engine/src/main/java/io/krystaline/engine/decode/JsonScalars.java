package io.krystaline.engine.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * Reads one JSON value as one protobuf scalar and writes it without its tag. The value must have
 * the type's form: a number is no string, a string is no bool; 64-bit and 32-bit integers come as
 * numbers or as decimal strings, enums as numbers or names.
 */
final class JsonScalars {
  private static final double EXACT_DOUBLE_MAX = 0x1p53;
  private static final int DOUBLE_TEXT_MAX = 64;

  private final ProtobufBuffer out;

  JsonScalars(ProtobufBuffer out) {
    this.out = out;
  }

  /** Writes the value of the parser's current token. */
  void write(JsonParser parser, JsonToken token, FieldShape field) throws IOException {
    switch (field.type()) {
      case STRING -> string(parser, token);
      case BYTES -> {
        requireString(token);
        int start = beginLength();
        JsonBytes.base64(
            parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength(), out);
        out.end(start);
      }
      case ID -> {
        requireString(token);
        int start = beginLength();
        JsonBytes.hex(
            parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength(), out);
        out.end(start);
      }
      case BOOL -> out.varint(bool(token) ? 1 : 0);
      case INT32 -> out.varint(int32(integer(parser, token, false)));
      case SINT32 -> {
        int value = int32(integer(parser, token, false));
        out.varint((value << 1 ^ value >> 31) & 0xffffffffL);
      }
      case UINT32 -> out.varint(uint32(integer(parser, token, false)));
      case FIXED32 -> out.fixed32((int) uint32(integer(parser, token, false)));
      case INT64 -> out.varint(integer(parser, token, false));
      case UINT64 -> out.varint(integer(parser, token, true));
      case FIXED64 -> out.fixed64(integer(parser, token, true));
      case SFIXED64 -> out.fixed64(integer(parser, token, false));
      case DOUBLE -> out.fixed64(Double.doubleToRawLongBits(number(parser, token)));
      case ENUM -> out.varint(enumValue(parser, token, field));
      case MESSAGE -> throw new IllegalStateException("a message is no scalar");
    }
  }

  /** Reserves a length that {@link ProtobufBuffer#end} writes. */
  private int beginLength() {
    out.raw(0);
    return out.length();
  }

  private void string(JsonParser parser, JsonToken token) throws IOException {
    requireString(token);
    int start = beginLength();
    out.utf8(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    out.end(start);
  }

  private static void requireString(JsonToken token) {
    if (token != JsonToken.VALUE_STRING) {
      throw new MalformedJsonException("a string is expected");
    }
  }

  private static boolean bool(JsonToken token) {
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw new MalformedJsonException("true or false is expected");
    }
    return token == JsonToken.VALUE_TRUE;
  }

  private static int int32(long value) {
    if (value != (int) value) {
      throw outOfRange();
    }
    return (int) value;
  }

  private static long uint32(long value) {
    if (value < 0 || value > 0xffffffffL) {
      throw outOfRange();
    }
    return value;
  }

  private static long enumValue(JsonParser parser, JsonToken token, FieldShape field)
      throws IOException {
    if (token != JsonToken.VALUE_STRING) {
      return int32(integer(parser, token, false));
    }
    Integer value = field.enumNames().get(parser.getText());
    if (value == null) {
      throw new MalformedJsonException("a name is not one of the enum's");
    }
    return value;
  }

  private static long integer(JsonParser parser, JsonToken token, boolean unsigned)
      throws IOException {
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_STRING) {
      return decimal(
          parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength(), unsigned);
    }
    if (token == JsonToken.VALUE_NUMBER_FLOAT) {
      double value = parser.getDoubleValue();
      if (value != Math.rint(value) || Math.abs(value) > EXACT_DOUBLE_MAX) {
        throw new MalformedJsonException("an integer is expected");
      }
      if (unsigned && value < 0) {
        throw outOfRange();
      }
      return (long) value;
    }
    throw new MalformedJsonException("an integer is expected");
  }

  /** Digits with an optional minus. */
  private static long decimal(char[] text, int offset, int length, boolean unsigned) {
    int end = offset + length;
    int at = offset;
    boolean negative = length > 0 && text[offset] == '-';
    if (negative) {
      at++;
    }
    if (at == end) {
      throw new MalformedJsonException("an integer is expected");
    }
    long value = 0;
    for (; at < end; at++) {
      int digit = text[at] - '0';
      if (digit < 0 || digit > 9) {
        throw new MalformedJsonException("an integer is expected");
      }
      if (Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, 10)) > 0) {
        throw outOfRange();
      }
      value = value * 10 + digit;
    }
    return signed(value, negative, unsigned);
  }

  private static long signed(long magnitude, boolean negative, boolean unsigned) {
    if (unsigned) {
      if (negative && magnitude != 0) {
        throw outOfRange();
      }
      return magnitude;
    }
    if (magnitude < 0 && !(negative && magnitude == Long.MIN_VALUE)) {
      throw outOfRange();
    }
    return negative ? -magnitude : magnitude;
  }

  private static double number(JsonParser parser, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      return doubleText(parser.getText());
    }
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
      throw new MalformedJsonException("a number is expected");
    }
    double value = parser.getDoubleValue();
    if (Double.isInfinite(value)) {
      throw outOfRange();
    }
    return value;
  }

  private static double doubleText(String text) {
    switch (text) {
      case "NaN" -> {
        return Double.NaN;
      }
      case "Infinity" -> {
        return Double.POSITIVE_INFINITY;
      }
      case "-Infinity" -> {
        return Double.NEGATIVE_INFINITY;
      }
      default -> {
        return plainDouble(text);
      }
    }
  }

  private static double plainDouble(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
        throw new MalformedJsonException("a number is expected");
      }
    }
    if (text.length() > DOUBLE_TEXT_MAX) {
      throw new MalformedJsonException("a number has too many digits");
    }
    try {
      double value = Double.parseDouble(text);
      if (Double.isInfinite(value)) {
        throw outOfRange();
      }
      return value;
    } catch (NumberFormatException malformed) {
      throw new MalformedJsonException("a number is expected");
    }
  }

  private static MalformedJsonException outOfRange() {
    return new MalformedJsonException("a number is out of its field's range");
  }
}
