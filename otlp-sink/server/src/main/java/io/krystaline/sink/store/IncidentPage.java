package io.krystaline.sink.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of the list of incidents.
 *
 * @param nextCursor where the next page begins; null on the last page
 */
public record IncidentPage(List<StoredIncident> items, @Nullable IncidentCursor nextCursor) {
  public IncidentPage {
    items = List.copyOf(items);
  }
}
