package io.krystaline.engine.incident;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where an incident may come from.
 *
 * @param service the service that is blamed
 * @param operation the operation of it that carries most of the evidence; null where none stands
 *     out
 * @param caller the calling service where the evidence lies on one edge into {@code service}, else
 *     null
 * @param share the part of the incident's evidence that this suspect explains, 0 to 1
 */
public record Suspect(
    String service, @Nullable String operation, @Nullable String caller, double share) {
  public Suspect {
    Objects.requireNonNull(service, "service");
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share is 0 to 1, not " + share);
    }
  }
}
