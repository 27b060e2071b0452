package io.krystaline.engine.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class DurationSketchTest {
  private static final double[] QUANTILES = {0, 0.01, 0.1, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1};

  private static DurationSketch sketchOf(long... values) {
    DurationSketch sketch = new DurationSketch();
    for (long value : values) {
      sketch.add(value);
    }
    return sketch;
  }

  private static void assertQuantilesWithinOnePercent(LongSupplier source, int count) {
    long[] values = new long[count];
    Arrays.setAll(values, i -> source.getAsLong());
    DurationSketch sketch = sketchOf(values);
    Arrays.sort(values);
    for (double quantile : QUANTILES) {
      double exact = values[(int) Math.max(0, Math.ceil(quantile * count) - 1)];
      double found = sketch.quantileNanos(quantile);
      assertThat(Math.abs(found - exact))
          .as("quantile %s of %s: %s", quantile, count, exact)
          .isLessThanOrEqualTo(exact / 128);
    }
  }

  @Test
  void quantile_manyShapes_isWithinOnePercentOfTheExactOne() {
    Random random = new Random(1);
    for (int count : new int[] {1, 2, 3, 10, 1_000, 50_000}) {
      assertQuantilesWithinOnePercent(() -> random.nextInt(1_000_000_000), count);
      assertQuantilesWithinOnePercent(() -> (long) Math.exp(15 + 2 * random.nextGaussian()), count);
      assertQuantilesWithinOnePercent(() -> (long) (1e6 / (1 - random.nextDouble())), count);
      assertQuantilesWithinOnePercent(() -> 89_000_000, count);
      assertQuantilesWithinOnePercent(() -> 1000 + random.nextInt(3), count);
      assertQuantilesWithinOnePercent(() -> random.nextLong() >>> 1, count);
      assertQuantilesWithinOnePercent(() -> random.nextInt(2) * Long.MAX_VALUE, count);
    }
  }

  @Test
  void bin_everyEdge_holdsItsValuesAndTouchesTheNext() {
    for (int bin = 0; bin < DurationSketch.BINS; bin++) {
      long lower = DurationSketch.lowerEdgeNanos(bin);
      long upper = DurationSketch.upperEdgeNanos(bin);
      long last = bin == DurationSketch.BINS - 1 ? upper : upper - 1;
      assertThat(DurationSketch.bin(lower)).isEqualTo(bin);
      assertThat(DurationSketch.bin(last)).isEqualTo(bin);
      assertThat(DurationSketch.middleNanos(bin)).isBetween(lower, last);
    }
    assertThat(DurationSketch.bin(Long.MAX_VALUE)).isEqualTo(DurationSketch.BINS - 1);
    assertThat(DurationSketch.lowerEdgeNanos(DurationSketch.bin(89_000_000))).isEqualTo(88_080_384);
    assertThat(DurationSketch.middleNanos(DurationSketch.bin(89_000_000))).isEqualTo(88_604_671);
  }

  @Test
  void merge_anyOrder_equalsOneSketchOfAll() {
    DurationSketch a = sketchOf(1, 5_000, 5_000);
    DurationSketch b = sketchOf(Long.MAX_VALUE, 0);
    DurationSketch c = sketchOf(77_000_000);
    DurationSketch left = a.copy();
    left.merge(b);
    left.merge(c);
    DurationSketch right = c.copy();
    right.merge(b);
    right.merge(a);
    DurationSketch all = sketchOf(1, 5_000, 5_000, Long.MAX_VALUE, 0, 77_000_000);
    assertThat(left).isEqualTo(all).isEqualTo(right).hasSameHashCodeAs(right);
    assertThat(a.count()).isEqualTo(3);
    DurationSketch twice = a.copy();
    twice.merge(twice);
    assertThat(twice.count()).isEqualTo(6);
  }

  @Test
  void quantile_empty_isZero() {
    assertThat(new DurationSketch().quantileNanos(0.5)).isZero();
    assertThat(new DurationSketch().usedBins()).isZero();
  }

  @Test
  void arguments_wrong_areRefused() {
    DurationSketch sketch = sketchOf(1);
    assertThatThrownBy(() -> sketch.add(-1)).isInstanceOf(IllegalArgumentException.class);
    for (double quantile : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> sketch.quantileNanos(quantile))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void bytes_roundTrip_keepEverything() {
    Random random = new Random(2);
    DurationSketch sketch = new DurationSketch();
    assertThat(DurationSketch.fromBytes(sketch.toBytes())).isEqualTo(sketch);
    for (int i = 0; i < 10_000; i++) {
      sketch.add((long) Math.exp(17 + 0.5 * random.nextGaussian()));
    }
    sketch.add(Long.MAX_VALUE);
    sketch.add(0);
    byte[] bytes = sketch.toBytes();
    assertThat(bytes.length).isLessThan(1_500);
    DurationSketch read = DurationSketch.fromBytes(bytes);
    assertThat(read).isEqualTo(sketch);
    assertThat(read.count()).isEqualTo(10_002);
  }

  @Test
  void fromBytes_garbage_isRefusedOrReadAsTheSameAgain() {
    byte[] good = sketchOf(1, 200, 70_000, 70_000).toBytes();
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> DurationSketch.fromBytes(cut))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("duration sketch");
    }
    byte[] longer = Arrays.copyOf(good, good.length + 1);
    assertThatThrownBy(() -> DurationSketch.fromBytes(longer))
        .isInstanceOf(IllegalArgumentException.class);
    Garbage.mutations(good, 20_000)
        .forEach(
            bytes -> Garbage.refusesOrKeeps(bytes, b -> DurationSketch.fromBytes(b).toBytes()));
  }
}
