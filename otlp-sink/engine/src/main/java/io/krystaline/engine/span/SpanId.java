package io.krystaline.engine.span;

import java.util.HexFormat;

/**
 * A span's identity within its trace, 64 bits. Written as 16 lower-case hex digits.
 *
 * @param value the eight bytes, big-endian; 0 means "none", as for the parent of a root span
 */
public record SpanId(long value) {

  /**
   * Reads 16 hex digits of either case.
   *
   * @throws IllegalArgumentException if the text is not 16 hex digits
   */
  public static SpanId parse(String text) {
    if (text.length() != 16) {
      throw new IllegalArgumentException("a span id has 16 hex digits, not " + text.length());
    }
    return new SpanId(HexFormat.fromHexDigitsToLong(text));
  }

  /** The 16 lower-case hex digits. */
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(value);
  }
}
