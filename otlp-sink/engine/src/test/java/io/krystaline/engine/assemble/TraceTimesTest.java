package io.krystaline.engine.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TraceTimesTest {
  private static final int[] ONE_PARENT = {-1, 0, 0};

  @Test
  void childrenOneAfterTheOther_areAllOnThePath() {
    TraceTimes times = new TraceTimes(new long[] {0, 10, 50}, new long[] {100, 40, 90}, ONE_PARENT);

    assertThat(critical(times, 3)).containsExactly(30, 30, 40);
    assertThat(times.exclusiveNanos(0)).isEqualTo(30);
  }

  @Test
  void childBesideALaterOne_hasNoPart() {
    TraceTimes times = new TraceTimes(new long[] {0, 10, 20}, new long[] {100, 80, 90}, ONE_PARENT);

    assertThat(critical(times, 3)).containsExactly(30, 0, 70);
    assertThat(times.exclusiveNanos(0)).isEqualTo(20);
  }

  @Test
  void childThatOutlivesItsParent_countsUpToTheParentsEnd() {
    TraceTimes times =
        new TraceTimes(new long[] {0, 60, 200}, new long[] {100, 150, 300}, ONE_PARENT);

    assertThat(critical(times, 3)).containsExactly(60, 40, 0);
    assertThat(times.exclusiveNanos(0)).isEqualTo(60);
    assertThat(times.exclusiveNanos(1)).isEqualTo(90);
  }

  @Test
  void childThatStartsBeforeItsParent_asWithAClockThatIsWrong_countsFromTheParentsStart() {
    TraceTimes times = new TraceTimes(new long[] {50, 0}, new long[] {100, 80}, new int[] {-1, 0});

    assertThat(critical(times, 2)).containsExactly(20, 30);
  }

  @Test
  void cycleAndNothing_haveNoPath() {
    TraceTimes cycle = new TraceTimes(new long[] {0, 0}, new long[] {10, 10}, new int[] {1, 0});

    assertThat(critical(cycle, 2)).containsExactly(0, 0);
    assertThat(critical(new TraceTimes(new long[0], new long[0], new int[0]), 0)).isEmpty();
  }

  @Test
  void wrongArrays_areRefused() {
    long[] one = {1};
    assertThatThrownBy(() -> new TraceTimes(one, new long[0], new int[] {-1}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TraceTimes(one, new long[] {0}, new int[] {-1}))
        .hasMessageContaining("ends before it starts");
    assertThatThrownBy(() -> new TraceTimes(one, one, new int[] {1}))
        .hasMessageContaining("parent 1");
  }

  @Test
  void randomTraces_exclusiveAsCountedMomentByMoment_andThePathAddsUpToTheRoot() {
    SplittableRandom random = new SplittableRandom(20261121);
    for (int round = 0; round < 2_000; round++) {
      int size = 1 + random.nextInt(12);
      long[] start = new long[size];
      long[] end = new long[size];
      int[] parent = new int[size];
      for (int i = 0; i < size; i++) {
        start[i] = random.nextInt(60);
        end[i] = start[i] + random.nextInt(60);
        parent[i] = i == 0 ? -1 : random.nextInt(i);
      }
      TraceTimes times = new TraceTimes(start, end, parent);

      long path = 0;
      for (int i = 0; i < size; i++) {
        path += times.criticalNanos(i);
        assertThat(times.exclusiveNanos(i)).isEqualTo(uncovered(i, start, end, parent));
        assertThat(times.criticalNanos(i)).isBetween(0L, end[i] - start[i]);
      }
      assertThat(path).as("round %d", round).isEqualTo(end[0] - start[0]);
    }
  }

  private static long uncovered(int span, long[] start, long[] end, int[] parent) {
    long uncovered = 0;
    for (long moment = start[span]; moment < end[span]; moment++) {
      boolean covered = false;
      for (int child = 0; child < start.length; child++) {
        covered |= parent[child] == span && start[child] <= moment && moment < end[child];
      }
      uncovered += covered ? 0 : 1;
    }
    return uncovered;
  }

  private static long[] critical(TraceTimes times, int size) {
    long[] parts = new long[size];
    for (int i = 0; i < size; i++) {
      parts[i] = times.criticalNanos(i);
    }
    return parts;
  }
}
