package io.krystaline.engine.decode;

/** The two forms that bytes have in OTLP/JSON: hex digits for ids, base64 for everything else. */
final class JsonBytes {
  private JsonBytes() {}

  /** Writes the bytes of hex digits of either case. */
  static void hex(char[] text, int offset, int length, ProtobufBuffer out) {
    if ((length & 1) != 0) {
      throw new MalformedJsonException("an id has an odd number of hex digits");
    }
    for (int i = offset; i < offset + length; i += 2) {
      int value = hexDigit(text[i]) << 4 | hexDigit(text[i + 1]);
      out.raw(value);
    }
  }

  private static int hexDigit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int lower = c | 0x20;
    if (lower >= 'a' && lower <= 'f') {
      return lower - 'a' + 10;
    }
    throw new MalformedJsonException("an id has a character that is no hex digit");
  }

  /** Writes the bytes of base64 in the standard or the URL-safe alphabet, padded or not. */
  static void base64(char[] text, int offset, int length, ProtobufBuffer out) {
    int end = offset + length;
    if ((length & 3) == 0) {
      for (int pad = 0; pad < 2 && end > offset && text[end - 1] == '='; pad++) {
        end--;
      }
    }
    if ((end - offset & 3) == 1) {
      throw new MalformedJsonException("base64 is cut off");
    }
    int bits = 0;
    int count = 0;
    for (int i = offset; i < end; i++) {
      bits = bits << 6 | sextet(text[i]);
      count += 6;
      if (count >= 8) {
        count -= 8;
        out.raw(bits >> count);
      }
    }
  }

  private static int sextet(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return switch (c) {
      case '+', '-' -> 62;
      case '/', '_' -> 63;
      default -> throw new MalformedJsonException("base64 has a character that is not its own");
    };
  }
}
