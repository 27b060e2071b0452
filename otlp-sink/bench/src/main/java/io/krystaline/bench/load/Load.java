package io.krystaline.bench.load;

import java.util.List;

/**
 * What is sent in a run.
 *
 * @param pools the messages of each connection
 * @param operations some operations of it, for single spans; one at least
 * @param operationCount how many operations it has
 */
public record Load(List<BatchPool> pools, List<SingleSpan.Of> operations, int operationCount) {
  public Load {
    pools = List.copyOf(pools);
    operations = List.copyOf(operations);
    if (pools.isEmpty() || operations.isEmpty()) {
      throw new IllegalArgumentException("a load has a pool and an operation");
    }
  }
}
