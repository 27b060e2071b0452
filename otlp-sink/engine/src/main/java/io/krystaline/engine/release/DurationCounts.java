package io.krystaline.engine.release;

import io.krystaline.engine.baseline.DurationSketch;
import java.util.Arrays;

/**
 * How many durations fell into bins of about 4 % (16 an octave, four of {@link DurationSketch}'s),
 * weighted, between the least and the greatest that were seen. Owned by one thread.
 */
final class DurationCounts {
  private static final int BINS = DurationSketch.BINS / 4;
  private static final int GROWTH = 8;

  private int from;
  private float[] counts = {};
  private double total;

  static int bin(long nanos) {
    return DurationSketch.bin(nanos) >> 2;
  }

  void add(int bin) {
    cover(bin);
    counts[bin - from]++;
    total++;
  }

  /** Takes in all that another one counted. */
  void addAll(DurationCounts other) {
    for (int i = 0; i < other.counts.length; i++) {
      if (other.counts[i] != 0) {
        cover(other.from + i);
        counts[other.from + i - from] += other.counts[i];
      }
    }
    total += other.total;
  }

  void scale(double factor) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] *= (float) factor;
    }
    total *= factor;
  }

  void clear() {
    Arrays.fill(counts, 0);
    total = 0;
  }

  /** The weight of all. */
  double total() {
    return total;
  }

  /** The middle of the bin that a share of the weight does not exceed; 0 when there is none. */
  long quantileNanos(double share) {
    double rank = share * total;
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += counts[i];
      if (counts[i] > 0 && sum >= rank) {
        return middleNanos(from + i);
      }
    }
    return 0;
  }

  private static long middleNanos(int bin) {
    long lower = DurationSketch.lowerEdgeNanos(bin * 4);
    return lower + (DurationSketch.upperEdgeNanos(bin * 4 + 3) - lower) / 2;
  }

  private void cover(int bin) {
    if (counts.length == 0) {
      from = bin;
      counts = new float[1];
    } else if (bin < from) {
      int room = Math.min(from, from - bin + GROWTH);
      float[] grown = new float[counts.length + room];
      System.arraycopy(counts, 0, grown, room, counts.length);
      counts = grown;
      from -= room;
    } else if (bin - from >= counts.length) {
      counts = Arrays.copyOf(counts, Math.min(BINS - from, bin - from + 1 + GROWTH));
    }
  }
}
