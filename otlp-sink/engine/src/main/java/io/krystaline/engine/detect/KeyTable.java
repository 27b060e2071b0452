package io.krystaline.engine.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The histograms of everything that is compared, by key, up to a limit; and for each operation the
 * numbers of its signatures. Owned by one thread.
 */
final class KeyTable {
  static final int FULL = -1;
  private static final int PART_BITS = 29;
  private static final int SIGNATURES_MAX = LogBins.COUNT - 1;

  /** What a key is of. */
  enum Kind {
    SELF_TIME,
    GAP,
    CHILDREN,
    SIGNATURE,
    FAILED,
    ORPHAN,
    QUEUE_DELAY
  }

  private final int keysMax;
  private final List<KeyHistogram> histograms = new ArrayList<>();
  private final LongNumbers keys = new LongNumbers();

  /** Signatures of all operations, each with its number among those of its operation. */
  private final LongNumbers signatures = new LongNumbers();

  private int[] signatureNumbers = new int[256];

  /** How many were asked for by each operation. */
  private int[] signatureCounts = new int[256];

  private long refused;

  KeyTable(int keysMax) {
    this.keysMax = keysMax;
  }

  /** The number of a key's histogram, made on first sight; {@link #FULL} beyond the limit. */
  int find(Kind kind, int one, int other, int serviceA, int serviceB) {
    long key = ((long) kind.ordinal() << PART_BITS | one) << PART_BITS | other;
    int known = keys.find(key);
    if (known != LongNumbers.NONE) {
      return known;
    }
    if (histograms.size() == keysMax) {
      refused++;
      return FULL;
    }
    histograms.add(new KeyHistogram(shape(kind), serviceA, serviceB));
    return keys.add(key);
  }

  KeyHistogram histogram(int number) {
    return histograms.get(number);
  }

  /** The number of a signature among those of its operation; the last one stands for the rest. */
  int signature(int operation, int children, int lastChild) {
    long key = ((long) operation << PART_BITS | (lastChild + 1)) << 5 | Math.min(children, 31);
    int known = signatures.find(key);
    if (known != LongNumbers.NONE) {
      return signatureNumbers[known];
    }
    if (operation >= signatureCounts.length) {
      int length = Math.max(operation + 1, signatureCounts.length * 2);
      signatureCounts = Arrays.copyOf(signatureCounts, length);
    }
    int number = Math.min(signatureCounts[operation]++, SIGNATURES_MAX);
    if (number == SIGNATURES_MAX || signatures.size() >= keysMax) {
      // What is beyond is not counted, so that the count never runs over.
      signatureCounts[operation] = Math.min(signatureCounts[operation], SIGNATURES_MAX);
      return SIGNATURES_MAX;
    }
    int at = signatures.add(key);
    if (at == signatureNumbers.length) {
      signatureNumbers = Arrays.copyOf(signatureNumbers, at * 2);
    }
    signatureNumbers[at] = number;
    return number;
  }

  void decay(double factor) {
    histograms.forEach(histogram -> histogram.decay(factor));
  }

  int size() {
    return histograms.size();
  }

  long refused() {
    return refused;
  }

  private static KeyHistogram.Shape shape(Kind kind) {
    return switch (kind) {
      case SELF_TIME, GAP, QUEUE_DELAY -> KeyHistogram.Shape.UPPER_TAIL;
      case CHILDREN -> KeyHistogram.Shape.LOWER;
      case SIGNATURE -> KeyHistogram.Shape.RARITY;
      case FAILED, ORPHAN -> KeyHistogram.Shape.UPPER;
    };
  }
}
