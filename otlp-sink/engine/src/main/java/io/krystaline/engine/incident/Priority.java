package io.krystaline.engine.incident;

/** How soon a person is told: P0 at once, the others in batches. */
public enum Priority {
  P0,
  P1,
  P2
}
