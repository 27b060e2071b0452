package io.krystaline.sink.store;

/** Where a recalculation stands. */
public enum RecalculationState {
  RUNNING,
  SUCCEEDED,
  FAILED
}
