package io.krystaline.sink.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.sink.traffic.Fault;
import io.krystaline.sink.traffic.FaultKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultMatrixTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void plan_hasEachKindAsOftenAsAsked_farEnoughApart() {
    List<Fault> plan = FaultMatrix.plan(5, 1_000 * SECOND, 3);

    assertThat(plan).hasSize(48);
    for (FaultKind kind : FaultKind.values()) {
      assertThat(plan.stream().filter(fault -> fault.kind() == kind)).hasSize(3);
    }
    long before = 1_000 * SECOND;
    for (Fault fault : plan) {
      assertThat((fault.startNanos() - before) / SECOND).isBetween(1_200L, 1_800L);
      assertThat((fault.endNanos() - fault.startNanos()) / SECOND).isBetween(180L, 300L);
      before = fault.endNanos();
    }
  }

  @Test
  void plan_repetitions_goToDifferentPlaces_andSpreadTheirStrength() {
    List<Fault> latency =
        FaultMatrix.plan(5, 0, 3).stream()
            .filter(fault -> fault.kind() == FaultKind.LATENCY)
            .toList();

    assertThat(latency.stream().map(Fault::service).distinct()).hasSize(3);
    assertThat(latency.get(0).strength()).isBetween(0.0, 1 / 3.0);
    assertThat(latency.get(2).strength()).isBetween(2 / 3.0, 1.0);
  }

  @Test
  void plan_sameSeed_isTheSame_anotherIsNot() {
    assertThat(FaultMatrix.plan(5, 0, 1)).isEqualTo(FaultMatrix.plan(5, 0, 1));
    assertThat(FaultMatrix.plan(5, 0, 1)).isNotEqualTo(FaultMatrix.plan(6, 0, 1));
  }

  @Test
  void plan_noRepetitions_isEmpty() {
    assertThat(FaultMatrix.plan(5, 0, 0)).isEmpty();
  }
}
