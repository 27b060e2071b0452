package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.krystaline.sink.store.StoredIncident;
import org.jspecify.annotations.Nullable;

/**
 * An incident in a list: all of {@link IncidentView}, and what people did with it.
 *
 * @param acknowledgement null where nobody has acknowledged it since it was last opened
 * @param silenced whether a silence is about it now
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record IncidentItemView(
    @JsonUnwrapped IncidentView incident,
    @Nullable AcknowledgementView acknowledgement,
    boolean silenced) {

  /** The view of an incident. */
  public static IncidentItemView of(StoredIncident stored, boolean silenced) {
    return new IncidentItemView(
        IncidentView.of(stored.incident()),
        AcknowledgementView.of(stored.acknowledgement()),
        silenced);
  }
}
