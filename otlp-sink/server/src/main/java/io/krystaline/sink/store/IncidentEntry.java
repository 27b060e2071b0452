package io.krystaline.sink.store;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of an incident's log: what happened to it, or what somebody did with it.
 *
 * @param number rises with each entry of a store
 * @param recorded when it was written down, by the wall clock
 * @param eventNanos the event time of what the sink found, nanoseconds since the Unix epoch; null
 *     where a person did it
 * @param by who; null where the sink did it
 * @param text what changed, or what was said; may be empty
 */
public record IncidentEntry(
    long number,
    Action action,
    Instant recorded,
    @Nullable Long eventNanos,
    @Nullable String by,
    String text) {
  public IncidentEntry {
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(recorded, "recorded");
    Objects.requireNonNull(text, "text");
  }

  /** What an entry is about. */
  public enum Action {
    OPENED,
    /** The severity of an open incident changed. */
    UPDATED,
    REOPENED,
    CLOSED,
    ACKNOWLEDGED,
    COMMENTED,
    MARKED_FALSE,
    EXCLUDED
  }
}
