package io.krystaline.engine.incident;

/** What happened to an incident. */
public enum IncidentChange {
  OPENED,
  UPDATED,
  REOPENED,
  CLOSED
}
