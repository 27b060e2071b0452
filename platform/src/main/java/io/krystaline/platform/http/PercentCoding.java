package io.krystaline.platform.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-decoding, strict: a broken escape or bytes that are no UTF-8 are refused. */
final class PercentCoding {
  private PercentCoding() {}

  static String decode(String text, int start, int end, boolean plusIsSpace) {
    boolean plain = true;
    for (int index = start; index < end && plain; index++) {
      char character = text.charAt(index);
      plain = character != '%' && character < 128 && !(plusIsSpace && character == '+');
    }
    if (plain) {
      return text.substring(start, end);
    }
    byte[] bytes = new byte[end - start];
    int length = 0;
    for (int index = start; index < end; index++) {
      char character = text.charAt(index);
      if (character == '%') {
        bytes[length++] = escaped(text, index, end);
        index += 2;
      } else if (character == '+' && plusIsSpace) {
        bytes[length++] = ' ';
      } else if (character < 128) {
        bytes[length++] = (byte) character;
      } else {
        throw new HttpException(400, "the request target holds a character that is not encoded");
      }
    }
    return utf8(bytes, length);
  }

  private static byte escaped(String text, int percent, int end) {
    int high = percent + 2 < end ? Character.digit(text.charAt(percent + 1), 16) : -1;
    int low = percent + 2 < end ? Character.digit(text.charAt(percent + 2), 16) : -1;
    if (high < 0 || low < 0) {
      throw new HttpException(400, "the request target holds a broken percent escape");
    }
    return (byte) (high << 4 | low);
  }

  private static String utf8(byte[] bytes, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new HttpException(400, "the request target is not UTF-8 after decoding", e);
    }
  }
}
