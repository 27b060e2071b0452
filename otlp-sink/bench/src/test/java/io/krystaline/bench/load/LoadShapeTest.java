package io.krystaline.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadShapeTest {
  @Test
  void new_outOfRange_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new LoadShape(0, 1, 1, 0, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new LoadShape(5, 4, 1, 0, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new LoadShape(1, 1, 0, 0, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new LoadShape(1, 1, 1, 1.1, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new LoadShape(1, 1, 1, 0, Double.NaN, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 19, 20, 21, 200, 20_000})
  void topology_anyNumber_hasExactlyThatManyOperations(int operations) {
    Topology topology = new Topology(LoadShape.DEFAULTS.withOperations(operations));

    assertThat(
            topology.operations().stream().map(each -> each.service() + each.name() + each.type()))
        .hasSize(operations)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 200})
  void trace_anySystem_isATree(int operations) {
    TraceGenerator generator =
        new TraceGenerator(
            new Topology(LoadShape.DEFAULTS.withOperations(operations)), new Random(1));
    for (int max : new int[] {1, 2, 3, 100}) {
      for (int i = 0; i < 50; i++) {
        List<SimulatedSpan> trace = generator.trace(max);

        assertThat(trace).hasSizeBetween(1, Math.min(max, TraceGenerator.SPANS_MAX));
        assertThat(trace.getFirst().parent()).isEqualTo(-1);
        for (int span = 1; span < trace.size(); span++) {
          assertThat(trace.get(span).parent()).isBetween(0, span - 1);
        }
      }
    }
  }
}
