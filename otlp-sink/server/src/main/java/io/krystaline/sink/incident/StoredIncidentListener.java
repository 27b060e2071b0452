package io.krystaline.sink.incident;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;

/**
 * Learns of changes of incidents as soon as they are durable.
 *
 * <p>Called on the recorder's thread, in the order in which the changes of one incident happened;
 * must not block for long, as no other incident is committed meanwhile. A change is told once, but
 * where the process ends between the commit and the call it is not told; whoever must not miss one
 * reads the store at start.
 */
@FunctionalInterface
public interface StoredIncidentListener {

  /** An incident was opened, opened again or closed, or is going on with new facts. */
  void onStored(IncidentChange change, Incident incident);
}
