package io.krystaline.engine.detect;

/** What a stream measures of its service. */
public enum Channel {
  /** Exclusive time: a span's duration less what its children cover. */
  SELF_TIME("self time"),
  /** Client time less server time on the calls into the service. */
  GAP_IN("time of the calls into it beyond its own spans"),
  /** The same on the calls that the service makes. */
  GAP_OUT("time of its calls beyond the callees' own spans"),
  /** Spans with fewer children than usual. */
  FEW_CHILDREN("spans with missing children"),
  /** Spans with an unusual number or last of children. */
  RARE_CHILDREN("spans with unusual children"),
  /** Failed spans. */
  ERRORS("failed spans"),
  /** More spans than the season explains. */
  SURGE("spans beyond the usual rate"),
  /** Fewer spans than the season explains. */
  SILENCE("spans below the usual rate"),
  /** Consumer start less producer end. */
  QUEUE_DELAY("time in queues"),
  /** Spans whose parent did not come in time. */
  ORPHANS("spans without their parent"),
  /** Spans of a new version slower or failing more than the old version's. */
  RELEASE("spans of a new version");

  private final String words;

  Channel(String words) {
    this.words = words;
  }

  /** What is counted, in words. */
  public String words() {
    return words;
  }
}
