package io.krystaline.bench.send;

import java.util.Objects;

/**
 * What a receiver said to a message.
 *
 * @param kind what became of the message
 * @param rejectedSpans spans that were rejected one by one in an accepted message
 * @param text what the receiver or the connection says about it; empty where all is well
 */
public record Answer(Kind kind, long rejectedSpans, String text) {
  /** What became of a message. */
  public enum Kind {
    /** It was taken in. */
    ACCEPTED,
    /** It was not taken in, and may be sent again. */
    REFUSED,
    /** It was not taken in and never will be, or nobody knows what became of it. */
    FAILED
  }

  /** All spans were taken in. */
  public static final Answer ACCEPTED = new Answer(Kind.ACCEPTED, 0, "");

  public Answer {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(text, "text");
    if (rejectedSpans < 0) {
      throw new IllegalArgumentException("rejectedSpans is " + rejectedSpans);
    }
  }

  /** A refusal for now. */
  public static Answer refused(String text) {
    return new Answer(Kind.REFUSED, 0, text);
  }

  /** A failure. */
  public static Answer failed(String text) {
    return new Answer(Kind.FAILED, 0, text);
  }
}
