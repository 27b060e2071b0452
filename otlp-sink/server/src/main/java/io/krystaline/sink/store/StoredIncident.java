package io.krystaline.sink.store;

import io.krystaline.engine.incident.Incident;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An incident as it is kept.
 *
 * @param incident its last state
 * @param acknowledgement null where nobody has acknowledged it since it was last opened
 */
public record StoredIncident(Incident incident, @Nullable Acknowledgement acknowledgement) {
  public StoredIncident {
    Objects.requireNonNull(incident, "incident");
  }
}
