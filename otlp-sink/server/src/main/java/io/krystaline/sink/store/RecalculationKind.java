package io.krystaline.sink.store;

/** How much a recalculation looks at. */
public enum RecalculationKind {
  /** Every operation. */
  FULL,
  /** The operations whose statistics changed since the last successful run. */
  INCREMENTAL
}
