package io.krystaline.sink.judge;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What of an incident is judged.
 *
 * @param id its name in the report
 * @param startNanos its start, event time in nanoseconds since the Unix epoch
 * @param detectedNanos when it was opened
 * @param endNanos when it was closed; empty while it is open, which counts as open to the end of
 *     what is covered
 * @param suspects services of its suspects, the most likely first; a service may repeat
 */
public record JudgedIncident(
    String id, long startNanos, long detectedNanos, OptionalLong endNanos, List<String> suspects) {
  public JudgedIncident {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(endNanos, "endNanos");
    suspects = List.copyOf(suspects);
    if (endNanos.isPresent() && endNanos.getAsLong() < startNanos) {
      throw new IllegalArgumentException("incident " + id + " ends before its start");
    }
  }

  /** From its start to its end, or to {@code openEndNanos} while it is open. */
  Interval interval(long openEndNanos) {
    return new Interval(startNanos, endNanos.orElse(Math.max(startNanos, openEndNanos)));
  }
}
