package io.krystaline.sink.incident;

import io.krystaline.sink.store.Exclusion;

/**
 * Takes an interval out of what the detector has learned. The hourly statistics are not its
 * concern: they leave the interval out at the next recalculation.
 */
@FunctionalInterface
public interface Excluder {
  /** A detector that holds nothing that an interval could be taken out of. */
  Excluder NONE =
      exclusion ->
          new ExclusionResult(0, "the baselines are made anew without the hours it touches");

  /** Called on a thread that may block, after the exclusion was kept. */
  ExclusionResult exclude(Exclusion exclusion);
}
