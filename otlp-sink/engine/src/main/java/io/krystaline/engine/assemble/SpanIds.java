package io.krystaline.engine.assemble;

import java.util.Arrays;

/**
 * The span ids of one trace, by position: found by a hash, and in order. Reused from trace to
 * trace; owned by one thread.
 */
final class SpanIds {
  static final int NONE = -1;

  /** Up to so many are sorted by insertion. */
  private static final int FEW = 40;

  private long[] ids = new long[64];
  private int size;

  /** Positions by a hash of their ids. */
  private int[] table = new int[128];

  private int capacity;

  private long[] sortedIds = new long[64];
  private int[] sorted = new int[64];

  SpanIds() {}

  void clear() {
    size = 0;
  }

  /** Adds the id of the next position. */
  void add(long id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
      sorted = new int[size * 2];
      sortedIds = new long[size * 2];
    }
    ids[size++] = id;
  }

  long get(int position) {
    return ids[position];
  }

  /** Whether a position is not dead. */
  boolean isAlive(int position) {
    return ids[position] != SpanTable.REPEATED;
  }

  /** Marks a position as dead: it is found no more. */
  void kill(int position) {
    ids[position] = SpanTable.REPEATED;
  }

  /** Empties the hash table, to be filled by {@link #claim}. */
  void beginIndex() {
    capacity = Integer.highestOneBit(Math.max(8, size) * 4 - 1);
    if (table.length < capacity) {
      table = new int[capacity];
    }
    Arrays.fill(table, 0, capacity, NONE);
  }

  /** Makes a position the one of its id; gives the one that has been, or {@link #NONE}. */
  int claim(int position) {
    int at = slot(ids[position]);
    int before = table[at];
    table[at] = position;
    return before;
  }

  /** The position of an id, or {@link #NONE}. */
  int find(long id) {
    return table[slot(id)];
  }

  /**
   * Orders the ids of the positions that are alive.
   *
   * @return how many there are, to be read by {@link #ordered}
   */
  int order() {
    int count = 0;
    for (int position = 0; position < size; position++) {
      if (isAlive(position)) {
        if (size <= FEW) {
          insert(position, count++);
        } else {
          sortedIds[count++] = ids[position];
        }
      }
    }
    if (size > FEW) {
      Arrays.sort(sortedIds, 0, count);
      for (int i = 0; i < count; i++) {
        sorted[i] = find(sortedIds[i]);
      }
    }
    return count;
  }

  /** The position of an id of that order. */
  int ordered(int index) {
    return sorted[index];
  }

  private void insert(int position, int count) {
    long id = ids[position];
    int at = count;
    while (at > 0 && sortedIds[at - 1] > id) {
      sortedIds[at] = sortedIds[at - 1];
      sorted[at] = sorted[at - 1];
      at--;
    }
    sortedIds[at] = id;
    sorted[at] = position;
  }

  /** Where a span id is in the table, or would be. */
  private int slot(long id) {
    int at = (int) ((id * 0x9E3779B97F4A7C15L) >>> 40) & (capacity - 1);
    while (table[at] != NONE && ids[table[at]] != id) {
      at = (at + 1) & (capacity - 1);
    }
    return at;
  }
}
