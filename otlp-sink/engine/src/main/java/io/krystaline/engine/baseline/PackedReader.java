package io.krystaline.engine.baseline;

import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link PackedWriter} wrote and refuses everything else with an {@link
 * IllegalArgumentException} that names what was read. Never reads beyond the bytes.
 */
final class PackedReader {
  private static final int TEXT_BYTES_MAX = 1024;

  private final byte[] bytes;
  private final String what;
  private int position;

  PackedReader(byte[] bytes, String what) {
    this.bytes = bytes;
    this.what = what;
  }

  int readByte() {
    if (position == bytes.length) {
      throw refusal("ends after " + position + " bytes");
    }
    return bytes[position++] & 0xFF;
  }

  void expectVersion(int version) {
    int found = readByte();
    if (found != version) {
      throw refusal("has version " + found + ", not " + version);
    }
  }

  long readLong() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = readByte();
      if (shift == 63 && next > 1) {
        throw refusal("has an integer of more than 64 bits before byte " + position);
      }
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw refusal("has an integer of more than 64 bits before byte " + position);
  }

  /** An integer that must lie between two bounds, both included. */
  long readLong(long least, long most) {
    long value = readLong();
    if (value < least || value > most) {
      throw refusal("has " + value + " where " + least + " to " + most + " is allowed");
    }
    return value;
  }

  /** A float that must be finite and not negative. */
  float readFloat() {
    int bits = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      bits |= readByte() << shift;
    }
    float value = Float.intBitsToFloat(bits);
    if (!(value >= 0 && value <= Float.MAX_VALUE)) {
      throw refusal("has the figure " + value);
    }
    return value;
  }

  /** A double that must be finite and not negative. */
  double readDouble() {
    long bits = 0;
    for (int shift = 0; shift < 64; shift += 8) {
      bits |= (long) readByte() << shift;
    }
    double value = Double.longBitsToDouble(bits);
    if (!(value >= 0 && value <= Double.MAX_VALUE)) {
      throw refusal("has the figure " + value);
    }
    return value;
  }

  String readText() {
    int length = (int) readLong(0, TEXT_BYTES_MAX);
    if (length > bytes.length - position) {
      throw refusal("ends within a text of " + length + " bytes");
    }
    String text = new String(bytes, position, length, StandardCharsets.UTF_8);
    position += length;
    return text;
  }

  void end() {
    if (position != bytes.length) {
      throw refusal("has " + (bytes.length - position) + " bytes too many");
    }
  }

  IllegalArgumentException refusal(String reason) {
    return new IllegalArgumentException("stored " + what + " " + reason);
  }
}
