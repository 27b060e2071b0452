package io.krystaline.engine.assemble;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Lists of traces by tick, over a ring of ticks, in one pool of entries. A trace may stand in a
 * list more than once. Owned by one thread.
 */
final class TickTraces {
  /** So many ticks may have a list at a time. */
  static final int RING = 1_024;

  private static final int NONE = -1;
  private static final long LOW_HALF = 0xFFFF_FFFFL;

  private final int[] heads = new int[RING];

  /** The trace of an entry, and in the high half the next entry. */
  private long[] entries = new long[1_024];

  private int used;
  private int free = NONE;
  private int[] taken = new int[256];

  TickTraces() {
    Arrays.fill(heads, NONE);
  }

  /** Puts a trace in a tick's list. */
  void add(long tick, int trace) {
    int entry;
    if (free == NONE) {
      if (used == entries.length) {
        entries = Arrays.copyOf(entries, used * 2);
      }
      entry = used++;
    } else {
      entry = free;
      free = next(entry);
    }
    int slot = slot(tick);
    entries[entry] = ((long) heads[slot] << 32) | (trace & LOW_HALF);
    heads[slot] = entry;
  }

  /**
   * Empties the list of a tick.
   *
   * @return how many traces it had; they stand in {@link #taken} until the next call
   */
  int take(long tick) {
    int slot = slot(tick);
    int count = 0;
    int last = NONE;
    for (int entry = heads[slot]; entry != NONE; entry = next(entry)) {
      if (count == taken.length) {
        taken = Arrays.copyOf(taken, count * 2);
      }
      taken[count++] = (int) entries[entry];
      last = entry;
    }
    if (last != NONE) {
      next(last, free);
      free = heads[slot];
      heads[slot] = NONE;
    }
    return count;
  }

  /** What was taken last, to be changed at will. */
  int[] taken() {
    return taken;
  }

  /** Keeps only some traces, in all lists. */
  void retain(IntPredicate kept) {
    for (int slot = 0; slot < RING; slot++) {
      int entry = heads[slot];
      heads[slot] = NONE;
      while (entry != NONE) {
        int following = next(entry);
        if (kept.test((int) entries[entry])) {
          next(entry, heads[slot]);
          heads[slot] = entry;
        } else {
          next(entry, free);
          free = entry;
        }
        entry = following;
      }
    }
  }

  private int next(int entry) {
    return (int) (entries[entry] >>> 32);
  }

  private void next(int entry, int next) {
    entries[entry] = ((long) next << 32) | (entries[entry] & LOW_HALF);
  }

  private static int slot(long tick) {
    return (int) tick & (RING - 1);
  }
}
