package io.krystaline.engine.decode;

/**
 * Checks that bytes are UTF-8 as protobuf-java demands it of a string field: no overlong form, no
 * surrogate, nothing above U+10FFFF. Eight bytes at a time while they are ASCII.
 */
final class Utf8 {
  private static final long NOT_ASCII = 0x8080808080808080L;

  private Utf8() {}

  /** Throws {@link MalformedWireException} unless the bytes from {@code from} to {@code to} fit. */
  static void check(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length >= 8) {
      int at = from;
      int lastWord = to - 8;
      while (at < lastWord) {
        if ((Wire.littleLong(bytes, at) & NOT_ASCII) != 0) {
          checkFrom(bytes, at, to);
          return;
        }
        at += 8;
      }
      if ((Wire.littleLong(bytes, lastWord) & NOT_ASCII) != 0) {
        // The last word may begin inside a character, so the walk goes on where the words ended.
        checkFrom(bytes, at, to);
      }
    } else if (length > 0) {
      checkShort(bytes, from, to, length);
    }
  }

  /** Whether at least eight bytes are all ASCII; no branch until the end. */
  static boolean isAscii(byte[] bytes, int from, int to) {
    int lastWord = to - 8;
    long all = Wire.littleLong(bytes, lastWord);
    for (int at = from; at < lastWord; at += 8) {
      all |= Wire.littleLong(bytes, at);
    }
    return (all & NOT_ASCII) == 0;
  }

  /** One word that ends with the string: the bytes before it are shifted out. */
  private static void checkShort(byte[] bytes, int from, int to, int length) {
    if (to >= 8) {
      long word = Wire.littleLong(bytes, to - 8) >>> ((8 - length) << 3);
      if ((word & NOT_ASCII) == 0) {
        return;
      }
    }
    checkFrom(bytes, from, to);
  }

  private static void checkFrom(byte[] bytes, int from, int to) {
    int bad = firstInvalid(bytes, from, to);
    if (bad >= 0) {
      throw new MalformedWireException("a string is not UTF-8", bad);
    }
  }

  /** The position of the first byte that begins no character, or -1. */
  static int firstInvalid(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int lead = bytes[at];
      if (lead >= 0) {
        at = afterAscii(bytes, at + 1, to);
        continue;
      }
      int size = sequenceLength(lead & 0xff);
      if (size == 0 || size > to - at || !continues(bytes, at, size, lead & 0xff)) {
        return at;
      }
      at += size;
    }
    return -1;
  }

  private static int afterAscii(byte[] bytes, int from, int to) {
    int at = from;
    while (to - at >= 8 && (Wire.littleLong(bytes, at) & NOT_ASCII) == 0) {
      at += 8;
    }
    return at;
  }

  private static int sequenceLength(int lead) {
    if (lead < 0xc2) {
      return 0; // a continuation byte, or an overlong form of ASCII
    }
    if (lead < 0xe0) {
      return 2;
    }
    if (lead < 0xf0) {
      return 3;
    }
    return lead < 0xf5 ? 4 : 0;
  }

  private static boolean continues(byte[] bytes, int at, int size, int lead) {
    int second = bytes[at + 1] & 0xff;
    int least = 0x80;
    int most = 0xbf;
    if (lead == 0xe0) {
      least = 0xa0; // less is overlong
    } else if (lead == 0xed) {
      most = 0x9f; // more is a surrogate
    } else if (lead == 0xf0) {
      least = 0x90; // less is overlong
    } else if (lead == 0xf4) {
      most = 0x8f; // more is above U+10FFFF
    }
    if (second < least || second > most) {
      return false;
    }
    for (int i = 2; i < size; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return false;
      }
    }
    return true;
  }
}
