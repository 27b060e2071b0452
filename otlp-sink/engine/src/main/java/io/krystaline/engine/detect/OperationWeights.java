package io.krystaline.engine.detect;

import java.util.Arrays;

/**
 * How much of something each operation carries, for a few dozen operations: the first that come.
 * Cleared often, so that what it holds is recent. Owned by one thread.
 */
final class OperationWeights {
  private static final int OPERATIONS_MAX = 48;

  private int[] operations = new int[4];
  private double[] weights = new double[4];
  private int size;

  void add(int operation, double weight) {
    for (int i = 0; i < size; i++) {
      if (operations[i] == operation) {
        weights[i] += weight;
        return;
      }
    }
    if (size == OPERATIONS_MAX) {
      return;
    }
    if (size == operations.length) {
      operations = Arrays.copyOf(operations, size * 2);
      weights = Arrays.copyOf(weights, size * 2);
    }
    operations[size] = operation;
    weights[size++] = weight;
  }

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  int operation(int index) {
    return operations[index];
  }

  double weight(int index) {
    return weights[index];
  }
}
