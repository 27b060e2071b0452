package io.krystaline.engine.release;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations of one version, up to a limit, and all of them together. Owned by one thread. */
final class VersionTally {
  private final int operationsMax;
  private final @Nullable OperationTally[] table;
  private final List<OperationTally> operations = new ArrayList<>();

  /** All operations that have marks, together. */
  final MinuteCounts all = new MinuteCounts();

  VersionTally(int operationsMax) {
    this.operationsMax = operationsMax;
    this.table = new OperationTally[Integer.highestOneBit(operationsMax) * 4];
  }

  /** The tally of an operation, made on first sight; null beyond the limit. */
  @Nullable OperationTally tally(int operation) {
    int at = slot(operation);
    OperationTally known = table[at];
    if (known != null || operations.size() == operationsMax) {
      return known;
    }
    OperationTally made = new OperationTally(operation);
    table[at] = made;
    operations.add(made);
    return made;
  }

  /** The tally of an operation if there is one. */
  @Nullable OperationTally find(int operation) {
    return table[slot(operation)];
  }

  private int slot(int operation) {
    int mask = table.length - 1;
    int at = ((operation * 0x9E3779B1) >>> 7) & mask;
    OperationTally there = table[at];
    while (there != null && there.operation != operation) {
      at = (at + 1) & mask;
      there = table[at];
    }
    return at;
  }

  /** In the order in which they were met. */
  List<OperationTally> operations() {
    return operations;
  }

  /** Adds the ticks of the operations to that of all. */
  void sumTick() {
    for (OperationTally operation : operations) {
      for (int i = 0; i < all.tick.length; i++) {
        all.tick[i] += operation.counts.tick[i];
      }
    }
  }

  void closeTick() {
    operations.forEach(operation -> operation.counts.closeTick());
    all.closeTick();
  }

  void closeMinute(boolean learn, double decay) {
    operations.forEach(operation -> operation.closeMinute(learn, decay));
    all.closeMinute(learn, decay);
  }

  void mark(long marginNanos, double marginFactor) {
    operations.forEach(operation -> operation.mark(marginNanos, marginFactor));
  }

  void restart() {
    operations.forEach(OperationTally::restart);
    all.restart();
  }

  void endStream() {
    operations.forEach(OperationTally::endStream);
    all.endStream();
  }
}
