package io.krystaline.engine.score;

import io.krystaline.engine.span.SpanBatch;

/**
 * Remembers which spans came lately, so that a repeated export does not teach twice.
 *
 * <p>A table of fingerprints of trace and span id, one place for each: a new span takes the place
 * of an older one that falls onto the same. So a span that comes again after {@code n} others is
 * recognised with probability exp(-n / slots): 93 % after 10,000 others with 131,072 places. A new
 * span is taken for a repeated one, and teaches nothing, once in 2^32: fingerprints have 32 bits,
 * beside those that choose the place, so that the table takes half of the cache.
 *
 * <p>May be shared by scoring threads. It uses no lock: threads that meet on one place at the same
 * moment can miss a repetition, and nothing else.
 */
public final class RecentSpans {
  private final int[] fingerprints;
  private final int mask;
  private final long seed;

  /**
   * Remembers nothing yet.
   *
   * @param slots number of places, a power of two; 4 bytes each
   * @param seed a number that no sender can guess
   */
  public RecentSpans(int slots, long seed) {
    if (Integer.bitCount(slots) != 1) {
      throw new IllegalArgumentException("slots is " + slots + ", a power of two is needed");
    }
    this.fingerprints = new int[slots];
    this.mask = slots - 1;
    this.seed = seed;
  }

  /** Whether the span was seen lately; remembers it. */
  boolean seenBefore(SpanBatch batch, int row) {
    long trace = NameHash.mix(batch.traceIdLow(row) ^ seed, NameHash.FIRST);
    long ids = batch.spanId(row) ^ Long.rotateLeft(batch.traceIdHigh(row), 29);
    long hash = NameHash.mix(trace ^ ids, NameHash.SECOND);
    int slot = (int) hash & mask;
    int fingerprint = (int) (hash >>> 32);
    if (fingerprints[slot] == fingerprint) {
      return fingerprint != 0;
    }
    fingerprints[slot] = fingerprint;
    return false;
  }
}
