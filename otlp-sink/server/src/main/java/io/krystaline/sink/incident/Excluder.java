package io.krystaline.sink.incident;

import io.krystaline.sink.store.Exclusion;

/**
 * Takes an interval out of the baselines in use, ahead of the recalculation that every exclusion
 * begins.
 */
@FunctionalInterface
public interface Excluder {
  /** Called on a thread that may block, after the exclusion was kept. */
  ExclusionResult exclude(Exclusion exclusion);
}
