package io.krystaline.sink.store;

import io.krystaline.engine.span.OperationKey;
import java.util.List;

/**
 * Receives the hours of one operation after the other, on the thread that scans. It may block: no
 * connection is held meanwhile.
 */
@FunctionalInterface
public interface HoursVisitor {
  /**
   * Called once for each operation.
   *
   * @param hours its hours in the order of time, never empty
   */
  void onOperation(OperationKey operation, List<HourRow> hours);
}
