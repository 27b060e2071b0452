package io.krystaline.engine.detect;

/**
 * How much evidence the blocks of one stream gave in normal times: counts over 256 logarithmic bins
 * of {@code y}, and from them the rank p-value of a block. Normal bursts calibrate themselves here.
 */
final class EvidenceHistory {
  static final int BINS = 256;

  /** Fewer blocks than this say nothing: the p-value could not be 0.1. */
  static final double BLOCKS_MIN = 9;

  private static final double BINS_PER_NAT = 24;
  private static final double PRESENT = 0.5;

  private final float[] counts = new float[BINS];
  private double blocks;

  static int bin(double evidence) {
    return Math.min((int) (BINS_PER_NAT * Math.log1p(evidence)), BINS - 1);
  }

  boolean isReady() {
    return blocks >= BLOCKS_MIN;
  }

  double blocks() {
    return blocks;
  }

  void learn(double evidence) {
    counts[bin(evidence)]++;
    blocks++;
  }

  /** Keeps the shape with the weight of so many blocks. */
  void scaleTo(double weight) {
    if (blocks > weight) {
      double factor = weight / blocks;
      for (int i = 0; i < BINS; i++) {
        counts[i] *= (float) factor;
      }
      blocks = weight;
    }
  }

  /**
   * The share of normal blocks with at least this evidence, {@code (1 + #{y' >= y}) / (M + 1)};
   * beyond the greatest seen less, by {@code (1 + greatest) / (1 + y)}.
   */
  double pValue(double evidence) {
    if (evidence <= 0 || !isReady()) {
      return 1;
    }
    int at = bin(evidence);
    double beyond = 0;
    int greatest = -1;
    for (int i = BINS - 1; i >= 0 && (greatest < 0 || i >= at); i--) {
      if (i >= at) {
        beyond += counts[i];
      }
      if (greatest < 0 && counts[i] >= PRESENT) {
        greatest = i;
      }
    }
    double p = (beyond + 1) / (blocks + 1);
    if (at > greatest) {
      p *= Math.min(1, Math.exp((greatest + 1) / BINS_PER_NAT) / (1 + evidence));
    }
    return p;
  }
}
