package io.krystaline.sink.store;

import java.time.Instant;
import java.util.Objects;

/**
 * Somebody has seen an incident and takes care of it.
 *
 * @param by who
 * @param at when
 * @param comment what they said; may be empty
 */
public record Acknowledgement(String by, Instant at, String comment) {
  public Acknowledgement {
    Objects.requireNonNull(by, "by");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(comment, "comment");
  }
}
