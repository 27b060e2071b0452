package io.krystaline.sink.store;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run of the recalculation.
 *
 * @param id grows from run to run
 * @param kind how much it looks at
 * @param state where it stands
 * @param started when it began
 * @param finished when it ended; null while it runs
 * @param operations how many operations have a new baseline by it, so far
 * @param error why it failed; null unless it did
 */
public record RecalculationRun(
    long id,
    RecalculationKind kind,
    RecalculationState state,
    Instant started,
    @Nullable Instant finished,
    long operations,
    @Nullable String error) {
  public RecalculationRun {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(started, "started");
    if ((state == RecalculationState.RUNNING) != (finished == null)) {
      throw new IllegalArgumentException("a run that is " + state + " ended at " + finished);
    }
    if ((state == RecalculationState.FAILED) != (error != null)) {
      throw new IllegalArgumentException("a run that is " + state + " has the error " + error);
    }
  }
}
