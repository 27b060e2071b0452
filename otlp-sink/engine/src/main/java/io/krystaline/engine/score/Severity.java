package io.krystaline.engine.score;

/**
 * How far a span lies beyond its baseline, by percentiles of the operation's own past deviations.
 */
public enum Severity {
  /** SEV1. */
  CRITICAL,
  /** SEV2. */
  MAJOR,
  /** SEV3. */
  MODERATE,
  /** SEV4. */
  MINOR,
  /** SEV5. */
  LOW;

  private static final Severity[] BY_LEVEL = values();

  /**
   * The severity of a level.
   *
   * @throws IllegalArgumentException if the level is not 1 to 5
   */
  public static Severity ofLevel(int level) {
    if (level < 1 || level > BY_LEVEL.length) {
      throw new IllegalArgumentException("a severity is 1 to 5, not " + level);
    }
    return BY_LEVEL[level - 1];
  }

  /** 1, the worst, to 5. */
  public int level() {
    return ordinal() + 1;
  }
}
