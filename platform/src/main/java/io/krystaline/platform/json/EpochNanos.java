package io.krystaline.platform.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Times as nanoseconds since 1970-01-01T00:00:00Z, written as ISO-8601 in UTC with always nine
 * fractional digits: 1 is {@code 1970-01-01T00:00:00.000000001Z}. Because every text has the same
 * length, texts sort as their times do.
 *
 * <p>A long holds the times from 1677-09-21T00:12:43.145224192Z to 2262-04-11T23:47:16.854775807Z.
 */
public final class EpochNanos {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private EpochNanos() {}

  /** The text of a time, such as {@code 2026-11-21T10:00:00.000000001Z}. */
  public static String format(long epochNanos) {
    return format(
        Instant.ofEpochSecond(
            Math.floorDiv(epochNanos, NANOS_PER_SECOND),
            Math.floorMod(epochNanos, NANOS_PER_SECOND)));
  }

  /** The text of a time; years of other than four digits are written with a sign. */
  public static String format(Instant instant) {
    OffsetDateTime time = instant.atOffset(ZoneOffset.UTC);
    StringBuilder text = new StringBuilder(30);
    text.append(
        DateTimeFormatter.ISO_LOCAL_DATE.format(time.toLocalDate())); // Four digits or a sign.
    text.append('T');
    twoDigits(text, time.getHour()).append(':');
    twoDigits(text, time.getMinute()).append(':');
    twoDigits(text, time.getSecond()).append('.');
    for (int unit = 100_000_000; unit > 0; unit /= 10) {
      text.append((char) ('0' + time.getNano() / unit % 10));
    }
    return text.append('Z').toString();
  }

  /**
   * Reads ISO-8601 with {@code Z} or an offset, and up to nine fractional digits.
   *
   * @throws IllegalArgumentException if it is no such text, or not within the range of a long
   */
  public static long parse(String text) {
    Instant instant = instant(text);
    try {
      return Math.addExact(
          Math.multiplyExact(
              instant.getEpochSecond() + (instant.getEpochSecond() < 0 ? 1 : 0), NANOS_PER_SECOND),
          instant.getNano() - (instant.getEpochSecond() < 0 ? NANOS_PER_SECOND : 0));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "'%s' is not between the years 1677 and 2262".formatted(text), e);
    }
  }

  /**
   * Reads ISO-8601 with {@code Z} or an offset, and up to nine fractional digits.
   *
   * @throws IllegalArgumentException if it is no such text
   */
  public static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'%s' is not a time such as 2026-11-21T10:00:00Z".formatted(text), e);
    }
  }

  private static StringBuilder twoDigits(StringBuilder text, int value) {
    return text.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
  }
}
