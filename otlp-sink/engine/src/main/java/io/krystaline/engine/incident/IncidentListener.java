package io.krystaline.engine.incident;

/** Is told of every change of an incident. */
@FunctionalInterface
public interface IncidentListener {
  /**
   * Called on the detecting thread, at the end of the tick in which it happened; must not block. An
   * open incident is updated at most once a tick.
   */
  void onIncident(IncidentChange change, Incident incident);
}
