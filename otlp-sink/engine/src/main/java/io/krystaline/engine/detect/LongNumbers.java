package io.krystaline.engine.detect;

import java.util.Arrays;

/**
 * A number for each of some longs, from 0 in the order of their first sight. Without objects; owned
 * by one thread.
 */
final class LongNumbers {
  /** Of what has no number. */
  static final int NONE = -1;

  private long[] keys = new long[256];
  private int[] numbers = new int[256];
  private int size;

  LongNumbers() {
    Arrays.fill(numbers, NONE);
  }

  /** The number of a long, or {@link #NONE}. */
  int find(long key) {
    return numbers[slot(key)];
  }

  /** Gives a long that has none the next number. */
  int add(long key) {
    int number = size++;
    put(key, number);
    if (size * 2 > keys.length) {
      grow();
    }
    return number;
  }

  int size() {
    return size;
  }

  private void put(long key, int number) {
    int at = slot(key);
    keys[at] = key;
    numbers[at] = number;
  }

  /** Where a long is, or would be. */
  private int slot(long key) {
    int at = (int) ((key * 0x9E3779B97F4A7C15L) >>> 36) & (keys.length - 1);
    while (numbers[at] != NONE && keys[at] != key) {
      at = (at + 1) & (keys.length - 1);
    }
    return at;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldNumbers = numbers;
    keys = new long[oldKeys.length * 2];
    numbers = new int[keys.length];
    Arrays.fill(numbers, NONE);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldNumbers[i] != NONE) {
        put(oldKeys[i], oldNumbers[i]);
      }
    }
  }
}
