package io.krystaline.engine.release;

import java.time.Duration;

/**
 * The settings' lengths of time in ticks.
 *
 * @param turnTicks ticks that are judged together: 2.5 s, so that shorter ticks do not make one
 *     pause of a service many
 */
record CourtTimes(
    long tickNanos,
    long turnTicks,
    long warmUpTicks,
    long goneTicks,
    long sessionTicks,
    long alarmEndTicks,
    long acceptTicks,
    long dayTicks,
    long minuteTicks,
    long markMinutes,
    double decayPerMinute) {
  private static final Duration TURN = Duration.ofMillis(2_500);
  private static final long MARK_MINUTES = 5;
  private static final double HALF_LIFE_MINUTES = 120;

  static CourtTimes of(CourtSettings settings, Duration tick) {
    return new CourtTimes(
        tick.toNanos(),
        Math.max(1, ticks(TURN, tick)),
        ticks(settings.warmUp(), tick),
        ticks(settings.goneAfter(), tick),
        ticks(settings.sessionMax(), tick),
        ticks(settings.alarmEnd(), tick),
        ticks(settings.acceptAfter(), tick),
        ticks(Duration.ofDays(1), tick),
        Math.max(1, ticks(Duration.ofMinutes(1), tick)),
        MARK_MINUTES,
        Math.pow(0.5, 1 / HALF_LIFE_MINUTES));
  }

  /** Whether a turn ends with this tick. */
  boolean isTurn(long tick) {
    return Math.floorMod(tick + 1, turnTicks) == 0;
  }

  private static long ticks(Duration duration, Duration tick) {
    return duration.toNanos() / tick.toNanos();
  }
}
