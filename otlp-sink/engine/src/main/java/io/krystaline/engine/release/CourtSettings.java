package io.krystaline.engine.release;

import java.time.Duration;
import java.util.List;

/**
 * How new versions are judged.
 *
 * @param budgetShare the share of the alarm budget that verdicts may use, more than 0, at most 1
 * @param margin a span is slower only beyond this much more than the old version's mark
 * @param marginFactor and beyond this many times the mark, 1 or more
 * @param warmUp what a version does this long after its first span is not looked at
 * @param goneAfter a version that did not show for so long, while its service did, is gone
 * @param sessionMax how long a version is on trial once the old one does not show any more
 * @param alarmEnd an alarm ends this long after the last tick in which the version was worse
 * @param acceptAfter an alarm that lasts this long is accepted
 * @param versionsAtOnce versions of a service that are compared at the same time, the old one among
 *     them, 2 or more
 * @param operationsMax operations of a version that are looked at one by one, at most
 */
public record CourtSettings(
    double budgetShare,
    Duration margin,
    double marginFactor,
    Duration warmUp,
    Duration goneAfter,
    Duration sessionMax,
    Duration alarmEnd,
    Duration acceptAfter,
    int versionsAtOnce,
    int operationsMax) {
  /** The defaults. */
  public static final CourtSettings DEFAULTS =
      new CourtSettings(
          0.1,
          Duration.ofMillis(1),
          1.25,
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          Duration.ofHours(2),
          Duration.ofSeconds(60),
          Duration.ofMinutes(10),
          4,
          64);

  public CourtSettings {
    if (!(budgetShare > 0 && budgetShare <= 1)) {
      throw new IllegalArgumentException("budgetShare is more than 0, at most 1: " + budgetShare);
    }
    if (!(marginFactor >= 1) || margin.isNegative() || warmUp.isNegative()) {
      throw new IllegalArgumentException("marginFactor is 1 or more, margin and warmUp 0 or more");
    }
    for (Duration length : List.of(goneAfter, sessionMax, alarmEnd, acceptAfter)) {
      if (length.isNegative() || length.isZero()) {
        throw new IllegalArgumentException("lengths of time are more than 0, not " + length);
      }
    }
    if (versionsAtOnce < 2 || operationsMax < 1) {
      throw new IllegalArgumentException("two versions at least, and one operation");
    }
  }
}
