package io.krystaline.engine.baseline;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;

/**
 * Tells the hour of the week, 0 (Monday 00:00) to 167 (Sunday 23:00), of an hour since the epoch in
 * one time zone.
 *
 * <p>The hour is the local one in which the UTC hour begins. Where clocks go back, two UTC hours
 * share one local hour, where they go forward one is skipped. In a zone that is half an hour off,
 * as Asia/Kolkata, the bucket 09:00 holds the UTC hour that begins at 09:30 local time.
 *
 * <p>Remembers the last few answers, and so allocates nothing on the hot path. Owned by one thread;
 * {@link #of(long, ZoneId)} is for any.
 */
public final class HourOfWeek {
  /** Hours of a week. */
  public static final int HOURS = 168;

  private static final int REMEMBERED = 64;

  private final ZoneId zone;
  private final long[] hours = new long[REMEMBERED];
  private final int[] answers = new int[REMEMBERED];

  /** Answers for this zone. */
  public HourOfWeek(ZoneId zone) {
    this.zone = zone;
    Arrays.fill(hours, Long.MIN_VALUE);
  }

  /** The hour of the week of an hour since the epoch. */
  public int of(long epochHour) {
    int slot = (int) epochHour & (REMEMBERED - 1);
    if (hours[slot] != epochHour) {
      answers[slot] = of(epochHour, zone);
      hours[slot] = epochHour;
    }
    return answers[slot];
  }

  /** The hour of the week of an hour since the epoch in a zone. */
  public static int of(long epochHour, ZoneId zone) {
    ZonedDateTime local = Instant.ofEpochSecond(epochHour * 3600).atZone(zone);
    return (local.getDayOfWeek().getValue() - 1) * 24 + local.getHour();
  }

  /** The day of an hour of the week. */
  public static DayOfWeek day(int hourOfWeek) {
    return DayOfWeek.of(hourOfWeek / 24 + 1);
  }

  /** The hour of the day, 0 to 23, of an hour of the week. */
  public static int hourOfDay(int hourOfWeek) {
    return hourOfWeek % 24;
  }
}
