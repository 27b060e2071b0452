package io.krystaline.sink.store;

import java.util.Objects;
import java.util.UUID;

/**
 * Identifies one checkpoint of statistics, so that repeating it after an unknown outcome does not
 * count it twice.
 *
 * @param run drawn once when a process starts
 * @param sequence 1, 2, 3, ... within the run. A repeat carries the same number and the same rows.
 */
public record CheckpointId(UUID run, long sequence) {
  public CheckpointId {
    Objects.requireNonNull(run, "run");
    if (sequence < 1) {
      throw new IllegalArgumentException("a checkpoint's sequence is 1 or more, not " + sequence);
    }
  }

  /** The checkpoint that follows this one. */
  public CheckpointId next() {
    return new CheckpointId(run, sequence + 1);
  }
}
