package io.krystaline.engine.release;

/** What the court says of a version. */
public enum Verdict {
  /** Its spans take longer than those of the version before, by more than the margin. */
  SLOWER,
  /** More of its spans fail than of the version before, by more than the margin. */
  MORE_FAILING,
  /** Enough was seen to say that it is neither. */
  NO_DIFFERENCE_FOUND,
  /** Too little was seen to say anything yet. */
  UNDECIDED,
  /** It was not compared: the first version of its service, or one of too many at once. */
  NOT_JUDGED
}
