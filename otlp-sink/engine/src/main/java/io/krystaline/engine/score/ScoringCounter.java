package io.krystaline.engine.score;

/** What a scorer counts, beside the marks of each severity. */
public enum ScoringCounter {
  /** Spans scored. */
  SCORED("scored"),
  /** Spans outside of the range of time that was asked for, which were passed over. */
  OUT_OF_RANGE("out_of_range"),
  /** Spans whose operation had no baseline yet. */
  STILL_LEARNING("still_learning"),
  /** Anomalies handed on. */
  RECORDED("recorded"),
  /** Marks that were not handed on, as their second had as many as it may. */
  OVER_LIMIT("over_limit"),
  /** Spans not learned because they came before. */
  DUPLICATE("duplicate"),
  /** Spans not learned because they started too long ago. */
  TOO_OLD("too_old"),
  /** Spans not learned because they start too far in the future. */
  FUTURE("future");

  private final String label;

  ScoringCounter(String label) {
    this.label = label;
  }

  /** The value of a label in metrics and summaries, in snake case. */
  public String label() {
    return label;
  }
}
