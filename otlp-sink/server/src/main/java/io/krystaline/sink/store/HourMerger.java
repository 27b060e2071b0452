package io.krystaline.sink.store;

/**
 * Adds the statistics of the same operation and hour. Pure; called by a thread of the store inside
 * a transaction, possibly more than once for the same rows when the transaction is repeated.
 */
@FunctionalInterface
public interface HourMerger {
  /** The statistics of both together; neither argument is changed. */
  HourRow merge(HourRow stored, HourRow added);
}
