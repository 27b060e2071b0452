package io.krystaline.sink.incident;

import java.util.Objects;

/**
 * What a detector did with an exclusion.
 *
 * @param streams how many of its streams forgot something, 0 or more
 * @param text one sentence for a person
 */
public record ExclusionResult(int streams, String text) {
  public ExclusionResult {
    Objects.requireNonNull(text, "text");
    if (streams < 0) {
      throw new IllegalArgumentException("streams is " + streams);
    }
  }
}
