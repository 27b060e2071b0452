package io.krystaline.engine.span;

import java.util.HexFormat;

/**
 * A trace's identity, 128 bits. Written as 32 lower-case hex digits, for example {@code
 * 5b8efff798038103d269b633813fc60c}.
 *
 * @param high the first eight bytes, big-endian
 * @param low the last eight bytes, big-endian
 */
public record TraceId(long high, long low) {

  /**
   * Reads 32 hex digits of either case.
   *
   * @throws IllegalArgumentException if the text is not 32 hex digits
   */
  public static TraceId parse(String text) {
    if (text.length() != 32) {
      throw new IllegalArgumentException("a trace id has 32 hex digits, not " + text.length());
    }
    return new TraceId(
        HexFormat.fromHexDigitsToLong(text, 0, 16), HexFormat.fromHexDigitsToLong(text, 16, 32));
  }

  /** The 32 lower-case hex digits. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }
}
