package io.krystaline.engine.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BinCountsTest {
  private static final int BINS = 256;
  private static final long NARROW_MAX = 0xFFFF_FFFFL;

  private final Random random = new Random(1);

  /** Counts beside a plain array that is counted alike. */
  private static final class Pair {
    final BinCounts counts = new BinCounts(BINS);
    final long[] plain = new long[BINS];

    void add(int bin, long count) {
      counts.add(bin, count);
      plain[bin] += count;
    }

    void increment(int bin) {
      counts.add(bin, 1);
      plain[bin]++;
    }

    void merge(Pair other) {
      for (int bin = 0; bin < BINS; bin++) {
        plain[bin] += other.plain[bin];
      }
      counts.merge(other.counts, Arrays.stream(plain).sum());
    }

    void check() {
      for (int bin = 0; bin < BINS; bin++) {
        assertThat(counts.get(bin)).as("bin %s", bin).isEqualTo(plain[bin]);
        if (plain[bin] != 0) {
          assertThat(counts.hasPage(bin / BinCounts.BINS_PER_PAGE)).isTrue();
        }
      }
      checkOrder();
    }

    private void checkOrder() {
      long[] visited = new long[BINS];
      int[] last = {-1};
      counts.forEach(
          (bin, count) -> {
            assertThat(bin).isGreaterThan(last[0]);
            assertThat(count).isNotZero();
            visited[bin] = count;
            last[0] = bin;
          });
      assertThat(visited).isEqualTo(plain);
      long seen = 0;
      for (int bin = 0; bin < BINS; bin++) {
        if (plain[bin] > 0) {
          assertThat(counts.binOfRank(seen + 1)).isEqualTo(bin);
          seen += plain[bin];
          assertThat(counts.binOfRank(seen)).isEqualTo(bin);
        }
      }
      assertThat(counts.binOfRank(seen + 1)).isEqualTo(-1);
    }
  }

  private Pair pair(long largest) {
    Pair pair = new Pair();
    for (int i = 0; i < 200; i++) {
      pair.increment(random.nextInt(BINS / 2));
      pair.add(random.nextInt(BINS), random.nextLong(largest) + 1);
    }
    return pair;
  }

  @Test
  void increment_pastThirtyTwoBits_goesOn() {
    Pair pair = new Pair();
    pair.add(3, NARROW_MAX - 1);
    pair.increment(4);
    for (int i = 0; i < 3; i++) {
      pair.increment(3);
      pair.check();
    }
    pair.increment(4);
    pair.increment(70);
    pair.check();
  }

  @Test
  void add_pastThirtyTwoBits_goesOn() {
    Pair pair = new Pair();
    pair.add(3, NARROW_MAX);
    pair.check();
    pair.add(3, 1);
    pair.add(4, NARROW_MAX + 1);
    pair.add(5, Long.MAX_VALUE / 4);
    pair.check();
  }

  @Test
  void merge_narrowAndWidePages_addsEveryCount() {
    long[] largest = {1, 1_000, NARROW_MAX, 1L << 50};
    for (long ours : largest) {
      for (long theirs : largest) {
        Pair pair = pair(ours);
        Pair other = pair(theirs);
        pair.merge(other);
        pair.check();
        other.check();
      }
    }
  }

  @Test
  void merge_sumsThatPassThirtyTwoBits_addsEveryCount() {
    Pair pair = new Pair();
    pair.add(0, NARROW_MAX);
    pair.add(1, 1L << 31);
    Pair other = new Pair();
    other.add(0, 1);
    other.add(1, 1L << 31);
    pair.merge(other);
    pair.check();
  }

  @Test
  void new_hasNoPage() {
    BinCounts counts = new BinCounts(BINS);
    assertThat(counts.hasPage(0)).isFalse();
    assertThat(counts.get(5)).isZero();
    assertThat(counts.binOfRank(1)).isEqualTo(-1);
  }
}
