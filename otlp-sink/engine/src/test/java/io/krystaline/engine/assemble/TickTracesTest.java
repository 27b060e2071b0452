package io.krystaline.engine.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TickTracesTest {
  private final TickTraces traces = new TickTraces();

  @Test
  void take_ofNothing_isEmpty() {
    assertThat(traces.take(0)).isZero();
    assertThat(traces.take(-7)).isZero();
  }

  @Test
  void addTakeRetain_agreeWithAMap_throughGrowthAndReuse() {
    SplittableRandom random = new SplittableRandom(1);
    Map<Long, List<Integer>> model = new HashMap<>();
    for (long tick = -600; tick < 600; tick++) {
      for (int i = 0; i < 50; i++) {
        long later = tick + random.nextInt(TickTraces.RING);
        int trace = random.nextInt(200);
        traces.add(later, trace);
        model.computeIfAbsent(later, absent -> new ArrayList<>()).add(trace);
      }
      if (tick % 100 == 0) {
        int left = random.nextInt(200);
        traces.retain(trace -> trace != left);
        model.values().forEach(list -> list.removeIf(trace -> trace == left));
      }
      int count = traces.take(tick);
      List<Integer> taken = Arrays.stream(traces.taken()).limit(count).boxed().toList();
      List<Integer> expected = model.remove(tick);
      assertThat(taken)
          .containsExactlyInAnyOrderElementsOf(expected == null ? List.of() : expected);
      assertThat(traces.take(tick)).isZero();
    }
  }
}
