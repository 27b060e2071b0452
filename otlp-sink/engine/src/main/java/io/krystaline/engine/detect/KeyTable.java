package io.krystaline.engine.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
  private long[] keys = new long[1_024];
  private int[] numbers = new int[1_024];
  private final Map<Long, Integer> signatures = new HashMap<>();
  private final Map<Integer, Integer> signatureCounts = new HashMap<>();
  private long refused;

  KeyTable(int keysMax) {
    this.keysMax = keysMax;
    Arrays.fill(numbers, FULL);
  }

  /** The number of a key's histogram, made on first sight; {@link #FULL} beyond the limit. */
  int find(Kind kind, int one, int other, int serviceA, int serviceB) {
    long key = ((long) kind.ordinal() << PART_BITS | one) << PART_BITS | other;
    int at = slot(key);
    while (numbers[at] != FULL && keys[at] != key) {
      at = (at + 1) & (keys.length - 1);
    }
    if (numbers[at] != FULL) {
      return numbers[at];
    }
    if (histograms.size() == keysMax) {
      refused++;
      return FULL;
    }
    keys[at] = key;
    numbers[at] = histograms.size();
    histograms.add(new KeyHistogram(shape(kind), serviceA, serviceB));
    int number = numbers[at];
    if (histograms.size() * 2 > keys.length) {
      grow();
    }
    return number;
  }

  KeyHistogram histogram(int number) {
    return histograms.get(number);
  }

  /** The number of a signature among those of its operation; the last one stands for the rest. */
  int signature(int operation, int children, int lastChild) {
    long key = ((long) operation << PART_BITS | (lastChild + 1)) << 5 | Math.min(children, 31);
    Integer known = signatures.get(key);
    if (known != null) {
      return known;
    }
    int number = signatureCounts.merge(operation, 1, Integer::sum) - 1;
    if (number >= SIGNATURES_MAX || signatures.size() >= keysMax) {
      return SIGNATURES_MAX;
    }
    signatures.put(key, number);
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

  private int slot(long key) {
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> 36) & (keys.length - 1);
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldNumbers = numbers;
    keys = new long[oldKeys.length * 2];
    numbers = new int[keys.length];
    Arrays.fill(numbers, FULL);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldNumbers[i] != FULL) {
        int at = slot(oldKeys[i]);
        while (numbers[at] != FULL) {
          at = (at + 1) & (keys.length - 1);
        }
        keys[at] = oldKeys[i];
        numbers[at] = oldNumbers[i];
      }
    }
  }
}
