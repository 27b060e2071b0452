package io.krystaline.sink.api;

import java.util.Locale;

/** Tells whether the sink takes spans. Asked on event loops, so it answers at once. */
@FunctionalInterface
public interface Readiness {
  /** How it stands right now. */
  Probe probe();

  /** Whether spans are taken, and why not. */
  enum State {
    /** Before it takes spans. */
    STARTING,
    /** It takes spans. */
    READY,
    /** It is told to stop, takes no new spans and ends what it has begun. */
    DRAINING,
    /** It takes no spans until something outside, such as the database, is back. */
    UNAVAILABLE;

    /** The word in the answer. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * An answer.
   *
   * @param detail why, for a person
   */
  record Probe(State state, String detail) {}
}
