package io.krystaline.engine.incident;

/** What an incident is about, by the channel that carries most of its evidence. */
public enum IncidentKind {
  /** A service's own work takes longer. */
  LATENCY,
  /** The time between a caller and its callee grew: network, queue in front of the callee. */
  NETWORK,
  /** More spans than usual fail. */
  ERRORS,
  /** Child spans are missing, or unusual ones appear. */
  STRUCTURE,
  /** More spans arrive than the season explains. */
  SURGE,
  /** Fewer spans arrive than the season explains, down to none. */
  SILENCE,
  /** Messages wait longer between producer and consumer. */
  QUEUE,
  /** Spans arrive late, or their parents do not arrive. */
  ORPHANS,
  /** A new service.version is slower or fails more than the last. */
  RELEASE
}
