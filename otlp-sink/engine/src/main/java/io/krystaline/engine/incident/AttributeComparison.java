package io.krystaline.engine.incident;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what slow or failing spans have in common that normal ones have not: for each attribute
 * value the one-sided Fisher exact test of its share among the anomalous spans against that among
 * the normal ones (Fisher 1935), times the number of values compared (Bonferroni).
 *
 * <p>For example 10 of 10 against 0 of 10: {@code 1 / C(20, 10) = 5.4e-6}, times 40 values 0.0002.
 */
public final class AttributeComparison {
  private static final double SIGNIFICANT = 0.01;
  private static final int SHOWN_MAX = 10;
  private static final int VALUES_MAX = 5_000;

  private AttributeComparison() {}

  /** An attribute and one value of it. */
  private record Pair(String attribute, String value) {}

  /**
   * Compares spans, each as its attributes with their values as text.
   *
   * @return the values that are significantly more frequent among the anomalous spans, the least
   *     probable first, at most ten
   */
  public static List<Contrast> compare(
      List<Map<String, String>> anomalous, List<Map<String, String>> normal) {
    if (anomalous.isEmpty() || normal.isEmpty()) {
      return List.of();
    }
    Map<Pair, Integer> in = count(anomalous);
    Map<Pair, Integer> out = count(normal);
    Set<Pair> all = new HashSet<>(in.keySet());
    all.addAll(out.keySet());
    List<Contrast> found = new ArrayList<>();
    for (Map.Entry<Pair, Integer> entry : in.entrySet()) {
      int hits = entry.getValue();
      int others = out.getOrDefault(entry.getKey(), 0);
      double p = Math.min(1, all.size() * fisher(hits, anomalous.size(), others, normal.size()));
      if (p <= SIGNIFICANT) {
        Pair pair = entry.getKey();
        found.add(
            new Contrast(
                pair.attribute, pair.value, hits, anomalous.size(), others, normal.size(), p));
      }
    }
    found.sort(
        Comparator.comparingDouble(Contrast::pValue)
            .thenComparing(Contrast::attribute)
            .thenComparing(Contrast::value));
    return List.copyOf(found.subList(0, Math.min(found.size(), SHOWN_MAX)));
  }

  private static Map<Pair, Integer> count(List<Map<String, String>> spans) {
    Map<Pair, Integer> counts = new HashMap<>();
    for (Map<String, String> span : spans) {
      span.forEach(
          (attribute, value) -> {
            Pair pair = new Pair(attribute, value);
            if (counts.size() < VALUES_MAX || counts.containsKey(pair)) {
              counts.merge(pair, 1, Integer::sum);
            }
          });
    }
    return counts;
  }

  /**
   * The probability of at least {@code hits} of {@code of} when {@code hits + others} of {@code of
   * + othersOf} are drawn without regard to the group.
   */
  static double fisher(int hits, int of, int others, int othersOf) {
    int marked = hits + others;
    int total = of + othersOf;
    double sum = 0;
    for (int k = hits; k <= Math.min(of, marked); k++) {
      if (marked - k <= othersOf) {
        sum += Math.exp(choose(of, k) + choose(othersOf, marked - k) - choose(total, marked));
      }
    }
    return Math.min(1, sum);
  }

  /** The logarithm of a binomial coefficient. */
  private static double choose(int n, int k) {
    double sum = 0;
    for (int i = 1; i <= k; i++) {
      sum += Math.log((n - k + i) / (double) i);
    }
    return sum;
  }
}
