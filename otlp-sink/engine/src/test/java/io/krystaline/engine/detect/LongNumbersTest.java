package io.krystaline.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LongNumbersTest {
  private final LongNumbers numbers = new LongNumbers();

  @Test
  void find_inAnEmptyOne_isNone() {
    assertThat(numbers.find(0)).isEqualTo(LongNumbers.NONE);
    assertThat(numbers.size()).isZero();
  }

  @Test
  void findAndAdd_numberLikeAMap_throughGrowth() {
    SplittableRandom random = new SplittableRandom(2);
    Map<Long, Integer> model = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      // Few of their bits differ, in the high half or the low one.
      long key = ((long) random.nextInt(-100, 100) << (i % 2 == 0 ? 40 : 0)) + random.nextInt(90);
      int expected = model.getOrDefault(key, LongNumbers.NONE);
      assertThat(numbers.find(key)).isEqualTo(expected);
      if (expected == LongNumbers.NONE) {
        assertThat(numbers.add(key)).isEqualTo(model.size());
        model.put(key, model.size());
      }
    }
    assertThat(numbers.size()).isEqualTo(model.size());
  }
}
