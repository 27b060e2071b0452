package io.krystaline.engine.detect;

import java.util.Arrays;

/**
 * What was normal for one key: decayed counts by bin, and from them the rank p-value of an
 * observation, {@code (1 + #{normal >= x}) / (N + 1)} (Vovk, Gammerman, Shafer 2005). Holds the
 * bins between its least and greatest only. Owned by one thread.
 */
final class KeyHistogram {
  /** Below so many observations nothing is said. */
  static final double SAMPLES_MIN = 20;

  private static final double DECAYED_FROM = 300;
  private static final double PRESENT = 0.5;

  /** How p-values come from the counts. */
  enum Shape {
    /** Great values are unusual; beyond the greatest seen a Pareto tail of index 1. */
    UPPER_TAIL,
    /** Great values are unusual, without a tail beyond. */
    UPPER,
    /** Small values are unusual. */
    LOWER,
    /** Values seen seldom are unusual. */
    RARITY
  }

  private final Shape shape;
  final int serviceA;
  final int serviceB;
  private int from;
  private float[] counts = {};
  private double[] mass = {};
  private double samples;
  private double unseen;
  private int greatest;
  private boolean changed = true;

  /** An empty histogram of a key that belongs to one or two services. */
  KeyHistogram(Shape shape, int serviceA, int serviceB) {
    this.shape = shape;
    this.serviceA = serviceA;
    this.serviceB = serviceB;
  }

  void learn(int bin, int count) {
    if (counts.length == 0) {
      from = bin;
      counts = new float[8];
    }
    if (bin < from) {
      int room = Math.max(from - bin, Math.min(from, counts.length / 2));
      float[] grown = new float[counts.length + room];
      System.arraycopy(counts, 0, grown, room, counts.length);
      counts = grown;
      from -= room;
    } else if (bin - from >= counts.length) {
      int length = Math.max(bin - from + 1, counts.length * 3 / 2);
      counts = Arrays.copyOf(counts, Math.min(length, LogBins.COUNT - from));
    }
    counts[bin - from] += count;
    changed = true;
  }

  void decay(double factor) {
    double total = 0;
    for (float count : counts) {
      total += count;
    }
    if (total > DECAYED_FROM) {
      for (int i = 0; i < counts.length; i++) {
        counts[i] *= (float) factor;
      }
      changed = true;
    }
  }

  /**
   * The p-value of a bin, more than 0, at most 1; NaN while too little was learned.
   *
   * @param bin the tested bin
   */
  double pValue(int bin) {
    if (changed) {
      cumulate();
    }
    if (samples < SAMPLES_MIN) {
      return Double.NaN;
    }
    if (shape == Shape.UPPER_TAIL && bin > greatest) {
      return Math.exp(-LogBins.WIDTH * (bin - greatest)) / (samples + 1);
    }
    int at = bin - from;
    double beyond = at < 0 ? below() : at >= mass.length ? above() : mass[at];
    return (beyond + 1) / (samples + 1);
  }

  /** The observations that are at least as unusual as one below the least bin. */
  private double below() {
    return switch (shape) {
      case UPPER_TAIL, UPPER -> samples;
      case LOWER -> 0;
      case RARITY -> unseen;
    };
  }

  /** The same above the greatest bin. */
  private double above() {
    return switch (shape) {
      case UPPER_TAIL, UPPER -> 0;
      case LOWER -> samples;
      case RARITY -> unseen;
    };
  }

  /** The median of what was learned, nanoseconds; 0 when nothing was. */
  double medianNanos() {
    double half = 0;
    for (float count : counts) {
      half += count / 2;
    }
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += counts[i];
      if (sum >= half && sum > 0) {
        return LogBins.middleNanos(from + i);
      }
    }
    return 0;
  }

  private void cumulate() {
    changed = false;
    if (mass.length != counts.length) {
      mass = new double[counts.length];
    }
    greatest = -1;
    double sum = 0;
    switch (shape) {
      case UPPER_TAIL, UPPER -> {
        for (int i = counts.length - 1; i >= 0; i--) {
          sum += counts[i];
          mass[i] = sum;
          if (greatest < 0 && sum >= PRESENT) {
            greatest = from + i;
          }
        }
      }
      case LOWER -> {
        for (int i = 0; i < counts.length; i++) {
          sum += counts[i];
          mass[i] = sum;
        }
      }
      case RARITY -> sum = rarity();
    }
    samples = sum;
  }

  /**
   * For each value the number of observations of values seen at most as often as it will have been
   * with one more: only so is the rank among exchangeable observations valid. That of a new value
   * is the number of values seen once.
   */
  private double rarity() {
    float[] sorted = counts.clone();
    Arrays.sort(sorted);
    double[] upTo = new double[sorted.length + 1];
    for (int i = 0; i < sorted.length; i++) {
      upTo[i + 1] = upTo[i] + sorted[i];
    }
    for (int i = 0; i < counts.length; i++) {
      mass[i] = upTo[firstAbove(sorted, counts[i] + 1)];
    }
    unseen = upTo[firstAbove(sorted, 1)];
    return upTo[sorted.length];
  }

  private static int firstAbove(float[] sorted, float limit) {
    int from = 0;
    int to = sorted.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (sorted[middle] > limit) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }
}
