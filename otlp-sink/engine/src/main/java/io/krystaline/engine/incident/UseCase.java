package io.krystaline.engine.incident;

import java.util.Objects;

/**
 * What an incident means for those who run the system, and how soon they are told.
 *
 * @param name a few words, for example {@code payment provider down}
 * @param priority how soon a person is told
 */
public record UseCase(String name, Priority priority) {
  /** What is none of the known ones. */
  public static final UseCase OTHER = new UseCase("anything else", Priority.P2);

  public UseCase {
    Objects.requireNonNull(priority, "priority");
    if (name.isBlank()) {
      throw new IllegalArgumentException("a use case needs a name");
    }
  }
}
