package io.krystaline.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AttributeComparisonTest {
  @Test
  void fisher_isTheExactHypergeometricTail() {
    for (int of = 1; of <= 12; of++) {
      for (int othersOf = 1; othersOf <= 12; othersOf++) {
        for (int hits = 0; hits <= of; hits++) {
          for (int others = 0; others <= othersOf; others++) {
            assertThat(AttributeComparison.fisher(hits, of, others, othersOf))
                .as("%d of %d, %d of %d", hits, of, others, othersOf)
                .isCloseTo(exact(hits, of, others, othersOf), within(1e-9));
          }
        }
      }
    }
  }

  @Test
  void fisher_workedNumbers() {
    assertThat(AttributeComparison.fisher(10, 10, 0, 10)).isCloseTo(1 / 184_756.0, within(1e-12));
    assertThat(AttributeComparison.fisher(0, 10, 10, 10)).isCloseTo(1, within(1e-9));
    assertThat(AttributeComparison.fisher(3, 4, 1, 4)).isCloseTo(17 / 70.0, within(1e-9));
    assertThat(AttributeComparison.fisher(500, 500, 0, 500)).isBetween(0.0, 1e-200);
  }

  @Test
  void compare_findsWhatTheAnomalousHaveInCommon() {
    List<Map<String, String>> anomalous = new ArrayList<>();
    List<Map<String, String>> normal = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      anomalous.add(Map.of("region", "north", "host", "h" + i % 2, "id", "a" + i, "version", "2"));
      normal.add(Map.of("region", "south", "host", "h" + i % 2, "id", "n" + i, "version", "2"));
    }

    List<Contrast> found = AttributeComparison.compare(anomalous, normal);

    assertThat(found).hasSize(1);
    Contrast contrast = found.get(0);
    assertThat(contrast.attribute()).isEqualTo("region");
    assertThat(contrast.value()).isEqualTo("north");
    assertThat(contrast.anomalous()).isEqualTo(10);
    assertThat(contrast.anomalousOf()).isEqualTo(10);
    assertThat(contrast.normal()).isZero();
    assertThat(contrast.normalOf()).isEqualTo(10);
    // Of region two values, of host two, of id twenty, of version one.
    assertThat(contrast.pValue()).isCloseTo(25 / 184_756.0, within(1e-9));
  }

  @Test
  void compare_ofNothing_findsNothing() {
    List<Map<String, String>> some = List.of(Map.of("a", "b"));
    assertThat(AttributeComparison.compare(List.of(), some)).isEmpty();
    assertThat(AttributeComparison.compare(some, List.of())).isEmpty();
    assertThat(AttributeComparison.compare(some, some)).isEmpty();
    assertThat(AttributeComparison.compare(List.of(Map.of()), List.of(Map.of()))).isEmpty();
  }

  @Test
  void compare_isOrderedByProbability_andBounded() {
    List<Map<String, String>> anomalous = new ArrayList<>();
    List<Map<String, String>> normal = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Map<String, String> attributes = new HashMap<>();
      for (int a = 0; a < 30; a++) {
        attributes.put("a" + a, i < 60 - a ? "odd" : "even");
      }
      anomalous.add(attributes);
      normal.add(Map.of("a0", "even"));
    }
    List<Contrast> found = AttributeComparison.compare(anomalous, normal);
    assertThat(found).hasSize(10);
    assertThat(found).extracting(Contrast::pValue).isSorted();
    assertThat(found.get(0).attribute()).isEqualTo("a0");
    assertThat(AttributeComparison.compare(anomalous, normal)).isEqualTo(found);
  }

  /** Where nothing is different, at most one comparison in a hundred finds something. */
  @Test
  void compare_ofLikes_seldomFindsAnything() {
    SplittableRandom random = new SplittableRandom(1);
    int found = 0;
    int rounds = 2_000;
    for (int round = 0; round < rounds; round++) {
      List<List<Map<String, String>>> groups = List.of(new ArrayList<>(), new ArrayList<>());
      for (List<Map<String, String>> group : groups) {
        int size = 5 + random.nextInt(16);
        for (int i = 0; i < size; i++) {
          group.add(
              Map.of(
                  "host", "h" + random.nextInt(4),
                  "route", "r" + random.nextInt(2),
                  "user", "u" + random.nextInt(50)));
        }
      }
      found += AttributeComparison.compare(groups.get(0), groups.get(1)).isEmpty() ? 0 : 1;
    }
    assertThat(found).isLessThanOrEqualTo(rounds / 100);
  }

  private static double exact(int hits, int of, int others, int othersOf) {
    int marked = hits + others;
    BigInteger sum = BigInteger.ZERO;
    for (int k = hits; k <= Math.min(of, marked); k++) {
      sum = sum.add(choose(of, k).multiply(choose(othersOf, marked - k)));
    }
    return new BigDecimal(sum)
        .divide(new BigDecimal(choose(of + othersOf, marked)), MathContext.DECIMAL64)
        .doubleValue();
  }

  private static BigInteger choose(int n, int k) {
    if (k < 0 || k > n) {
      return BigInteger.ZERO;
    }
    BigInteger product = BigInteger.ONE;
    for (int i = 1; i <= k; i++) {
      product = product.multiply(BigInteger.valueOf(n - k + i)).divide(BigInteger.valueOf(i));
    }
    return product;
  }
}
