package io.krystaline.sink.incident;

import java.util.Objects;

/**
 * What was done with an exclusion at once.
 *
 * @param operations how many operations have a baseline without the interval now, 0 or more
 * @param text one sentence for a person
 */
public record ExclusionResult(int operations, String text) {
  public ExclusionResult {
    Objects.requireNonNull(text, "text");
    if (operations < 0) {
      throw new IllegalArgumentException("operations is " + operations);
    }
  }
}
