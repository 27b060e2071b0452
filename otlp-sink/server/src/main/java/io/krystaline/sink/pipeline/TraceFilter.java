package io.krystaline.sink.pipeline;

import io.krystaline.engine.span.TraceId;
import java.util.Arrays;

/**
 * A set of trace ids that answers "not in here" in one look at a small bit table. Exact: a hit in
 * the bits is confirmed by open addressing. Holds up to its capacity; owned by one thread.
 */
final class TraceFilter {
  private final long[] bits;
  private final long[] high;
  private final long[] low;
  private final boolean[] used;
  private final int mask;
  private int size;

  /** A set for up to this many traces, 1 to 2^24. */
  TraceFilter(int capacity) {
    int slots = Integer.highestOneBit(capacity) << 2;
    this.mask = slots - 1;
    this.bits = new long[slots * 8 / Long.SIZE + 1];
    this.high = new long[slots];
    this.low = new long[slots];
    this.used = new boolean[slots];
  }

  void clear() {
    if (size > 0) {
      Arrays.fill(bits, 0);
      Arrays.fill(used, false);
      size = 0;
    }
  }

  void add(TraceId id) {
    long hash = hash(id.high(), id.low());
    int slot = (int) hash & mask;
    while (used[slot]) {
      if (low[slot] == id.low() && high[slot] == id.high()) {
        return;
      }
      slot = (slot + 1) & mask;
    }
    if (size > mask / 2) {
      throw new IllegalStateException("more traces than the filter has room for: " + size);
    }
    size++;
    used[slot] = true;
    high[slot] = id.high();
    low[slot] = id.low();
    int bit = bit(hash);
    bits[bit >>> 6] |= 1L << bit;
  }

  boolean contains(long traceIdHigh, long traceIdLow) {
    long hash = hash(traceIdHigh, traceIdLow);
    int bit = bit(hash);
    if ((bits[bit >>> 6] & (1L << bit)) == 0) {
      return false;
    }
    for (int slot = (int) hash & mask; used[slot]; slot = (slot + 1) & mask) {
      if (low[slot] == traceIdLow && high[slot] == traceIdHigh) {
        return true;
      }
    }
    return false;
  }

  private int bit(long hash) {
    return (int) (hash >>> 32) & (mask << 3 | 7);
  }

  /** Mixes both halves, as one of them may be constant (64-bit trace ids are padded with zeros). */
  private static long hash(long traceIdHigh, long traceIdLow) {
    long mixed = (traceIdLow ^ Long.rotateLeft(traceIdHigh, 32)) * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 29);
  }
}
