package io.krystaline.engine.baseline;

/** How wide a bucket is; the chain in which a narrow one with too few samples falls back. */
public enum BucketLevel {
  /** One hour of one day of the week, as Mondays 09:00 to 10:00. */
  HOUR_OF_WEEK,
  /** One hour of any day, as 09:00 to 10:00. */
  HOUR_OF_DAY,
  /** Any hour of one day of the week, as Mondays. */
  DAY_OF_WEEK,
  /** All samples. */
  GLOBAL
}
