package io.krystaline.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.detect.KeyTable.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeyTableTest {
  @Test
  void find_isLikeAMap() {
    KeyTable table = new KeyTable(100_000);
    Map<List<Integer>, Integer> model = new HashMap<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 60_000; i++) {
      Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
      int one = random.nextInt(80);
      int other = random.nextInt(64);
      int number = table.find(kind, one, other, one, other);
      List<Integer> key = List.of(kind.ordinal(), one, other);
      assertThat(model.computeIfAbsent(key, absent -> number)).isEqualTo(number);
      assertThat(table.histogram(number).serviceA).isEqualTo(one);
      assertThat(table.histogram(number).serviceB).isEqualTo(other);
    }
    assertThat(table.size()).isEqualTo(model.size());
    assertThat(model.values()).doesNotHaveDuplicates();
    assertThat(table.refused()).isZero();
  }

  @Test
  void find_beyondTheLimit_isFull_andCounted() {
    KeyTable table = new KeyTable(2);
    int first = table.find(Kind.SELF_TIME, 1, 0, 0, 0);
    table.find(Kind.SELF_TIME, 2, 0, 0, 0);
    assertThat(table.find(Kind.SELF_TIME, 3, 0, 0, 0)).isEqualTo(KeyTable.FULL);
    assertThat(table.find(Kind.SELF_TIME, 1, 0, 0, 0)).isEqualTo(first);
    assertThat(table.refused()).isEqualTo(1);
    assertThat(table.size()).isEqualTo(2);
  }

  @Test
  void find_givesEachKindItsShape() {
    KeyTable table = new KeyTable(10);
    KeyHistogram children = table.histogram(table.find(Kind.CHILDREN, 1, 0, 0, 0));
    children.learn(3, 99);
    assertThat(children.pValue(2)).isEqualTo(0.01);
    assertThat(children.pValue(4)).isEqualTo(1);
    KeyHistogram failed = table.histogram(table.find(Kind.FAILED, 1, 0, 0, 0));
    failed.learn(0, 99);
    assertThat(failed.pValue(1)).isEqualTo(0.01);
  }

  @Test
  void signature_isOneNumberPerNumberAndLastOfChildren() {
    KeyTable table = new KeyTable(1_000);
    assertThat(table.signature(7, 2, 3)).isZero();
    assertThat(table.signature(7, 2, 4)).isEqualTo(1);
    assertThat(table.signature(7, 3, 3)).isEqualTo(2);
    assertThat(table.signature(7, 2, 3)).isZero();
    assertThat(table.signature(8, 2, 3)).isZero();
    assertThat(table.signature(7, 0, -1)).isEqualTo(3);
    assertThat(table.signature(7, 31, 3)).isEqualTo(table.signature(7, 1_000, 3));
  }

  @Test
  void signature_beyondTheLimit_isTheLast() {
    KeyTable table = new KeyTable(100_000);
    for (int i = 0; i < 2_000; i++) {
      assertThat(table.signature(7, 1, i)).isEqualTo(Math.min(i, LogBins.COUNT - 1));
    }
  }

  @Test
  void decay_reachesAll() {
    KeyTable table = new KeyTable(10);
    KeyHistogram one = table.histogram(table.find(Kind.FAILED, 1, 0, 0, 0));
    one.learn(0, 799);
    table.decay(0.5);
    assertThat(one.pValue(1)).isEqualTo(1 / 400.5);
  }
}
