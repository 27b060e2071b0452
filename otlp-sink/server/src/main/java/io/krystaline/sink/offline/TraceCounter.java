package io.krystaline.sink.offline;

/**
 * Counts distinct traces in bounded memory: exactly up to its capacity, beyond that by adaptive
 * sampling (Flajolet, "On adaptive sampling", Computing 1990): only ids whose hash ends in {@code
 * depth} zero bits are kept, each standing for 2^depth. The standard error is then about 1.2 /
 * sqrt(capacity): 0.06 % at 4 million. 16 bytes a trace.
 */
final class TraceCounter {
  private static final int INITIAL_SLOTS = 1 << 12;

  private final int capacity;
  private long[] slots = new long[INITIAL_SLOTS];
  private int size;
  private int depth;

  /**
   * Counts nothing yet.
   *
   * @param capacity how many traces are counted exactly, 1 or more
   */
  TraceCounter(int capacity) {
    this.capacity = capacity;
  }

  void add(long traceIdHigh, long traceIdLow) {
    long hash = mix(traceIdLow + mix(traceIdHigh));
    if (Long.numberOfTrailingZeros(hash) >= depth && insert(slots, hash)) {
      size++;
      if (size > capacity) {
        depth++;
        rebuild(slots.length);
      } else if (size > slots.length / 2) {
        rebuild(slots.length * 2);
      }
    }
  }

  /** The number of traces, exact if {@link #isExact()}. */
  long count() {
    return (long) size << depth;
  }

  boolean isExact() {
    return depth == 0;
  }

  private void rebuild(int length) {
    long[] rebuilt = new long[length];
    size = 0;
    for (long hash : slots) {
      if (hash != 0 && Long.numberOfTrailingZeros(hash) >= depth && insert(rebuilt, hash)) {
        size++;
      }
    }
    slots = rebuilt;
  }

  /** The hash 0 stands for an empty slot; a trace with that hash, one in 2^64, is not counted. */
  private static boolean insert(long[] slots, long hash) {
    int mask = slots.length - 1;
    int slot = (int) (hash >>> 32) & mask;
    while (slots[slot] != 0) {
      if (slots[slot] == hash) {
        return false;
      }
      slot = (slot + 1) & mask;
    }
    if (hash != 0) {
      slots[slot] = hash;
    }
    return hash != 0;
  }

  /**
   * The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection, so distinct ids of one half
   * stay distinct.
   */
  private static long mix(long value) {
    long mixed = value + 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
