package io.krystaline.engine.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RecordingLimitTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long NOW = 1_800_000_000L * SECOND;

  private final RecordingLimit limit = new RecordingLimit(10);

  private int taken(int operation, int operations, long endNanos, int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += limit.take(operation, operations, endNanos) ? 1 : 0;
    }
    return taken;
  }

  @Test
  void take_oneOperation_hasTheWholeSecond() {
    assertThat(taken(0, 1, NOW, 100)).isEqualTo(10);
    assertThat(taken(0, 1, NOW + SECOND - 1, 100)).isZero();
    assertThat(taken(0, 1, NOW + SECOND, 100)).isEqualTo(10);
  }

  @Test
  void take_busyOperation_hasHalfTheSecondAndLeavesTheOthersTheirParts() {
    assertThat(taken(0, 5, NOW, 100)).isEqualTo(5);
    assertThat(taken(4, 5, NOW, 100)).isEqualTo(2);
    assertThat(taken(1, 5, NOW, 1)).isEqualTo(1);
    assertThat(taken(2, 5, NOW, 100)).isEqualTo(2);
    assertThat(taken(3, 5, NOW, 100)).isZero();
  }

  @Test
  void take_moreOperationsThanPlaces_staysWithinTheSecond() {
    int taken = 0;
    for (int operation = 0; operation < 1_000; operation++) {
      taken += taken(operation, 1_000, NOW, 3);
    }
    assertThat(taken).isEqualTo(10);
  }

  @Test
  void take_secondsInAnyOrder_areCountedApart() {
    int taken = 0;
    for (int i = 0; i < 100; i++) {
      taken += taken(0, 1, NOW + i % 2 * SECOND, 1);
    }
    assertThat(taken).isEqualTo(20);
    taken = 0;
    for (int i = 0; i < 1_200; i++) {
      taken += taken(i, 10, NOW + (100 + i % 60) * SECOND, 1);
    }
    assertThat(taken).isEqualTo(600);
  }

  @Test
  void take_zeroAndTheEndOfTime_areSecondsAsOthers() {
    assertThat(taken(0, 1, 0, 100)).isEqualTo(10);
    assertThat(taken(0, 1, -1, 100)).isEqualTo(10);
    assertThat(new RecordingLimit(0).take(0, 1, NOW)).isFalse();
  }

  @Test
  void take_fourThreads_getNoMoreThanOne() throws InterruptedException {
    RecordingLimit shared = new RecordingLimit(100_000);
    AtomicInteger taken = new AtomicInteger();
    Thread[] threads = new Thread[4];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          new Thread(
              () -> {
                for (int n = 0; n < 50_000; n++) {
                  if (shared.take(0, 1, NOW)) {
                    taken.incrementAndGet();
                  }
                }
              });
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(taken).hasValue(100_000);
  }

  @Test
  void new_negativeOrTooMany_refused() {
    assertThatThrownBy(() -> new RecordingLimit(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RecordingLimit(1 << 24))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
