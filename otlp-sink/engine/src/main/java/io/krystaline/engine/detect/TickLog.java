package io.krystaline.engine.detect;

import java.util.Arrays;
import java.util.BitSet;

/**
 * What one tick has to teach later: counts by key and bin, and the blocks that closed with it. Used
 * again from tick to tick.
 */
final class TickLog {
  private static final int BIN_BITS = 10;
  private static final long EMPTY = -1;

  long tick;

  /** Services in alarm at the tick: what belongs to them is not learned. */
  final BitSet excludedServices = new BitSet();

  private long[] table = new long[256];
  private int[] counts = new int[256];
  private int entries;

  private Stream[] streams = new Stream[32];
  private long[] blocks = new long[32 * 4];
  private double[] evidence = new double[32];
  private boolean[] hits = new boolean[32];
  private int closed;

  private long[] rates = new long[32 * 3];
  private int rated;

  TickLog() {
    Arrays.fill(table, EMPTY);
  }

  /** Receives the counts. */
  interface CountVisitor {
    void onCount(int key, int bin, int count);
  }

  void reset(long newTick) {
    tick = newTick;
    excludedServices.clear();
    Arrays.fill(table, EMPTY);
    Arrays.fill(streams, 0, closed, null);
    entries = 0;
    closed = 0;
    rated = 0;
  }

  /** Receives the counts of services. */
  interface RateVisitor {
    void onRate(int number, long count);
  }

  void rate(int service, int number, long count) {
    if (rated * 3 == rates.length) {
      rates = Arrays.copyOf(rates, rates.length * 2);
    }
    rates[rated * 3] = service;
    rates[rated * 3 + 1] = number;
    rates[rated * 3 + 2] = count;
    rated++;
  }

  /** Shows the counts of services that were not in alarm. */
  void forEachRate(RateVisitor visitor) {
    for (int i = 0; i < rated; i++) {
      int service = (int) rates[i * 3];
      if (!excludedServices.get(service)) {
        visitor.onRate((int) rates[i * 3 + 1], rates[i * 3 + 2]);
      }
    }
  }

  void count(int key, int bin) {
    long packed = (long) key << BIN_BITS | bin;
    int at = slot(packed);
    while (table[at] != EMPTY && table[at] != packed) {
      at = (at + 1) & (table.length - 1);
    }
    if (table[at] == EMPTY) {
      table[at] = packed;
      counts[at] = 0;
      entries++;
    }
    counts[at]++;
    if (entries * 2 > table.length) {
      grow();
    }
  }

  void forEachCount(CountVisitor visitor) {
    for (int at = 0; at < table.length; at++) {
      if (table[at] != EMPTY) {
        visitor.onCount(
            (int) (table[at] >>> BIN_BITS), (int) table[at] & ((1 << BIN_BITS) - 1), counts[at]);
      }
    }
  }

  void block(Stream stream, double blockEvidence, boolean hit) {
    if (closed == streams.length) {
      streams = Arrays.copyOf(streams, closed * 2);
      blocks = Arrays.copyOf(blocks, closed * 8);
      evidence = Arrays.copyOf(evidence, closed * 2);
      hits = Arrays.copyOf(hits, closed * 2);
    }
    streams[closed] = stream;
    blocks[closed * 4] = stream.blockSpans;
    System.arraycopy(stream.blockHits, 0, blocks, closed * 4 + 1, Levels.COUNT);
    evidence[closed] = blockEvidence;
    hits[closed] = hit;
    closed++;
  }

  /** Teaches the blocks of services that were not in alarm. */
  void teachBlocks() {
    for (int i = 0; i < closed; i++) {
      if (!excludedServices.get(streams[i].service)) {
        streams[i].learn(
            blocks[i * 4],
            blocks[i * 4 + 1],
            blocks[i * 4 + 2],
            blocks[i * 4 + 3],
            evidence[i],
            hits[i]);
      }
    }
  }

  private int slot(long packed) {
    return (int) ((packed * 0x9E3779B97F4A7C15L) >>> 32) & (table.length - 1);
  }

  private void grow() {
    long[] oldTable = table;
    int[] oldCounts = counts;
    table = new long[oldTable.length * 2];
    counts = new int[table.length];
    Arrays.fill(table, EMPTY);
    for (int i = 0; i < oldTable.length; i++) {
      if (oldTable[i] != EMPTY) {
        int at = slot(oldTable[i]);
        while (table[at] != EMPTY) {
          at = (at + 1) & (table.length - 1);
        }
        table[at] = oldTable[i];
        counts[at] = oldCounts[i];
      }
    }
  }
}
