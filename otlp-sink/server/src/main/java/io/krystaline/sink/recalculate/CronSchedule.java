package io.krystaline.sink.recalculate;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a job is due, by a cron expression of five fields: minute, hour, day of month, month, day of
 * week (0 and 7 are Sunday), with lists, ranges, steps and the English three-letter names. As in
 * other crons, where both day fields are restricted a day needs to match one of them. Immutable.
 *
 * <p>Around a change of the clocks: a time that the clocks skip is due at the moment of the change,
 * one that they show twice is due the first time only.
 *
 * <p>Not supported: seconds, years, {@code L}, {@code W}, {@code #}, {@code @daily} and its like.
 */
public final class CronSchedule {
  /** Leap days are at most eight years apart, as around the year 2100. */
  private static final int DAYS_AHEAD_MAX = 8 * 366 + 1;

  private static final int MINUTES_PER_DAY = 24 * 60;

  private final String expression;
  private final ZoneId zone;
  private final CronField minute;
  private final CronField hour;
  private final CronField dayOfMonth;
  private final CronField month;
  private final CronField dayOfWeek;

  private CronSchedule(String expression, ZoneId zone, String[] fields) {
    this.expression = expression;
    this.zone = zone;
    minute = CronField.minute(fields[0]);
    hour = CronField.hour(fields[1]);
    dayOfMonth = CronField.dayOfMonth(fields[2]);
    month = CronField.month(fields[3]);
    dayOfWeek = CronField.dayOfWeek(fields[4]);
  }

  /**
   * Reads an expression, for example {@code "0 3 * * *"}: each day at 03:00.
   *
   * @param zone whose clocks the expression means
   * @throws IllegalArgumentException if it cannot be read; the message names the field
   */
  public static CronSchedule parse(String expression, ZoneId zone) {
    String[] fields = expression.strip().split("\\s+", -1);
    if (fields.length != 5) {
      throw new IllegalArgumentException(
          "a cron expression has 5 fields, '" + expression + "' has " + fields.length);
    }
    return new CronSchedule(expression.strip(), zone, fields);
  }

  /** The first time after the given one that is due; empty if there is none, as on 30 February. */
  public Optional<Instant> next(Instant after) {
    LocalDateTime start = LocalDateTime.ofInstant(after, zone);
    LocalDate date = start.toLocalDate();
    int minuteOfDay = start.getHour() * 60 + start.getMinute();
    for (int day = 0; day < DAYS_AHEAD_MAX; day++) {
      if (isDue(date)) {
        Instant due = firstOf(date, minuteOfDay, after);
        if (due != null) {
          return Optional.of(due);
        }
      }
      date = date.plusDays(1);
      minuteOfDay = 0;
    }
    return Optional.empty();
  }

  /** The expression. */
  public String expression() {
    return expression;
  }

  /** Whose clocks it means. */
  public ZoneId zone() {
    return zone;
  }

  private boolean isDue(LocalDate date) {
    if (!month.contains(date.getMonthValue())) {
      return false;
    }
    boolean byMonth = dayOfMonth.contains(date.getDayOfMonth());
    boolean byWeek = dayOfWeek.contains(date.getDayOfWeek().getValue() % 7);
    if (dayOfMonth.any() || dayOfWeek.any()) {
      return byMonth && byWeek;
    }
    return byMonth || byWeek;
  }

  private @Nullable Instant firstOf(LocalDate date, int fromMinuteOfDay, Instant after) {
    for (int m = fromMinuteOfDay; m < MINUTES_PER_DAY; m++) {
      if (hour.contains(m / 60) && minute.contains(m % 60)) {
        Instant due = instantOf(date.atTime(LocalTime.of(m / 60, m % 60)));
        if (due.isAfter(after)) {
          return due;
        }
      }
    }
    return null;
  }

  private Instant instantOf(LocalDateTime local) {
    ZoneOffsetTransition transition = zone.getRules().getTransition(local);
    if (transition != null && transition.isGap()) {
      return transition.getInstant();
    }
    return local.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
  }

  @Override
  public String toString() {
    return expression + " " + zone;
  }
}
