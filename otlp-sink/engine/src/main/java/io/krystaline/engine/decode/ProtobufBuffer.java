package io.krystaline.engine.decode;

import java.util.Arrays;

/**
 * Protobuf bytes being written: grows to a limit, then refuses. A sub-message's length is written
 * after its content, over one reserved byte; longer lengths move the content. Owned by one thread.
 */
final class ProtobufBuffer {
  private static final int INITIAL_BYTES = 8 * 1024;

  private final int bytesMax;
  private byte[] bytes;
  private int length;

  ProtobufBuffer(int bytesMax) {
    if (bytesMax < 0) {
      throw new IllegalArgumentException("a limit of bytes is not negative: " + bytesMax);
    }
    this.bytesMax = bytesMax;
    bytes = new byte[Math.min(INITIAL_BYTES, bytesMax)];
  }

  void clear() {
    length = 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Writes the tag and reserves the length; the result goes to {@link #end}. */
  int begin(int tag) {
    varint(tag);
    require(1);
    return ++length;
  }

  /** Writes the length of the content that began at {@code start}. */
  void end(int start) {
    int size = length - start;
    int extra = varintSize(size) - 1;
    if (extra > 0) {
      require(extra);
      System.arraycopy(bytes, start, bytes, start + extra, size);
      length += extra;
    }
    int at = start - 1;
    for (int rest = size; ; rest >>>= 7) {
      if (rest < 0x80) {
        bytes[at] = (byte) rest;
        return;
      }
      bytes[at++] = (byte) (rest | 0x80);
    }
  }

  /** How many bytes a length takes as a varint. */
  static int varintSize(int value) {
    return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }

  void varint(long value) {
    require(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  void fixed64(long value) {
    require(8);
    Wire.LITTLE_LONG.set(bytes, length, value);
    length += 8;
  }

  void fixed32(int value) {
    require(4);
    Wire.LITTLE_INT.set(bytes, length, value);
    length += 4;
  }

  void raw(int value) {
    require(1);
    bytes[length++] = (byte) value;
  }

  void raw(byte[] source, int offset, int count) {
    require(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  /** Writes characters as UTF-8; half of a surrogate pair becomes U+FFFD. */
  void utf8(char[] text, int offset, int count) {
    int end = offset + count;
    for (int i = offset; i < end; i++) {
      char c = text[i];
      if (c < 0x80) {
        raw(c);
      } else if (c < 0x800) {
        raw(0xc0 | c >> 6);
        raw(0x80 | (c & 0x3f));
      } else if (Character.isHighSurrogate(c)
          && i + 1 < end
          && Character.isLowSurrogate(text[i + 1])) {
        supplementary(Character.toCodePoint(c, text[++i]));
      } else {
        char written = Character.isSurrogate(c) ? '\ufffd' : c;
        raw(0xe0 | written >> 12);
        raw(0x80 | (written >> 6 & 0x3f));
        raw(0x80 | (written & 0x3f));
      }
    }
  }

  private void supplementary(int codePoint) {
    raw(0xf0 | codePoint >> 18);
    raw(0x80 | (codePoint >> 12 & 0x3f));
    raw(0x80 | (codePoint >> 6 & 0x3f));
    raw(0x80 | (codePoint & 0x3f));
  }

  private void require(int more) {
    if (more <= bytes.length - length) {
      return;
    }
    if (more > bytesMax - length && more > 10) {
      throw tooLarge();
    }
    long wanted = Math.max(2L * bytes.length, (long) length + more);
    // Ten bytes of room over the limit, as a varint asks for its longest form.
    int size = (int) Math.min(wanted, bytesMax + 16L);
    if (size - length < more || length > bytesMax) {
      throw tooLarge();
    }
    bytes = Arrays.copyOf(bytes, size);
  }

  /** Refuses what is over the limit after all. */
  void checkLimit() {
    if (length > bytesMax) {
      throw tooLarge();
    }
  }

  private MalformedJsonException tooLarge() {
    return new MalformedJsonException(
        "the document's protobuf form is larger than " + bytesMax + " bytes");
  }
}
