package io.krystaline.sink.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.span.TraceId;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TraceFilterTest {

  @Test
  void contains_againstAHashSet() {
    Random random = new Random(7);
    TraceFilter filter = new TraceFilter(1_000);
    for (int round = 0; round < 20; round++) {
      filter.clear();
      Set<TraceId> expected = new HashSet<>();
      for (int i = 0; i < 1_000; i++) {
        TraceId id = new TraceId(random.nextInt(3), random.nextInt(2_000));
        filter.add(id);
        expected.add(id);
      }
      for (long high = 0; high < 4; high++) {
        for (long low = 0; low < 2_100; low++) {
          assertThat(filter.contains(high, low))
              .isEqualTo(expected.contains(new TraceId(high, low)));
        }
      }
    }
  }

  @Test
  void contains_empty_isFalse() {
    assertThat(new TraceFilter(1).contains(0, 0)).isFalse();
  }
}
