package io.krystaline.engine.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TraceTableTest {
  private record Id(long high, long low) {}

  @Test
  void findAddRemove_agreeWithAMap_throughGrowthAndReuse() {
    SplittableRandom random = new SplittableRandom(1);
    TraceTable table = new TraceTable(7);
    Map<Id, Integer> expected = new HashMap<>();
    for (int step = 0; step < 60_000; step++) {
      Id id = new Id(random.nextInt(3), random.nextInt(3_000));
      Integer known = expected.get(id);
      int found = table.find(id.high(), id.low());
      assertThat(found).isEqualTo(known == null ? TraceTable.NONE : known);
      if (known == null) {
        expected.put(id, table.add(id.high(), id.low()));
      } else if (random.nextBoolean()) {
        table.remove(known);
        expected.remove(id);
      }
      assertThat(table.used()).isEqualTo(expected.size());
    }
    assertThat(expected.values()).doesNotHaveDuplicates();
  }

  @Test
  void remove_inOneBucket_keepsTheOthers() {
    // Ids of one bucket of an empty table, found by search.
    TraceTable table = new TraceTable(0);
    List<Long> colliding = new ArrayList<>();
    for (long low = 0; colliding.size() < 5; low++) {
      if ((TraceTable.hash(0, low, 0) & 2_047) == 5) {
        colliding.add(low);
      }
    }
    List<Integer> rows = new ArrayList<>();
    colliding.forEach(low -> rows.add(table.add(0, low)));
    for (int order : new int[] {2, 4, 0}) {
      table.remove(rows.get(order));
      assertThat(table.find(0, colliding.get(order))).isEqualTo(TraceTable.NONE);
    }
    assertThat(table.find(0, colliding.get(1))).isEqualTo(rows.get(1));
    assertThat(table.find(0, colliding.get(3))).isEqualTo(rows.get(3));
  }

  @Test
  void add_ofAFreedRow_startsAnew() {
    TraceTable table = new TraceTable(0);
    int row = table.add(1, 2);
    table.breakUp(row);
    table.root(row);
    table.expiring(row);
    for (int span = 0; span < 9; span++) {
      table.addSpan(row, span);
    }
    table.noteTick(row, 4);
    table.judgedTick(row, 4);
    table.settle(row, 3, true);
    assertThat(table.spans(row)).isEqualTo(9);
    assertThat(table.firstSpan(row)).isEqualTo(3);
    table.remove(row);
    assertThat(table.add(3, 4)).isEqualTo(row);
    assertThat(table.isBroken(row)).isFalse();
    assertThat(table.isRooted(row)).isFalse();
    assertThat(table.isExpiring(row)).isFalse();
    assertThat(table.isSettled(row)).isFalse();
    assertThat(table.isProducing(row)).isFalse();
    assertThat(table.spans(row)).isZero();
    assertThat(table.firstSpan(row)).isEqualTo(SpanTable.NONE);
    assertThat(table.judgedTick(row)).isEqualTo(TraceTable.NEVER);
    assertThat(table.noteTick(row, 4)).isTrue();
    assertThat(table.noteTick(row, 4)).isFalse();
  }

  @Test
  void above_halvesTheTraces() {
    TraceTable table = new TraceTable(9);
    for (int i = 1; i <= 4_000; i++) {
      table.add(i, i * 31L);
    }
    assertThat(table.above(-1)).isEmpty();
    assertThat(table.above(-1L >>> 1)).hasSizeBetween(1_850, 2_150);
    assertThat(table.above(-1L >>> 2)).hasSizeBetween(2_850, 3_150);
    assertThat(table.above(0)).hasSize(4_000);
    assertThat(new TraceTable(1).above(0)).isEmpty();
  }

  @Test
  void sort_ordersByTheWholeId() {
    TraceTable table = new TraceTable(1);
    TraceOrder order = new TraceOrder(table);
    SplittableRandom random = new SplittableRandom(2);
    for (int size : new int[] {0, 1, 2, 3, 10, 257}) {
      int[] rows = new int[size];
      List<Id> ids = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        // Some differ in their first part, in the upper half of the last one, or only beyond.
        long upper = random.nextInt(-3, 4) * 0x8765_4321_0000_0000L;
        Id id = new Id(random.nextLong(), upper + size * 1_000L + random.nextInt(20));
        rows[i] = table.add(id.high(), id.low());
        ids.add(id);
      }
      ids.sort(Comparator.comparingLong(Id::low).thenComparingLong(Id::high));
      order.sort(rows, size);
      List<Id> sorted = new ArrayList<>();
      for (int row : rows) {
        sorted.add(new Id(table.high(row), table.low(row)));
      }
      assertThat(sorted).isEqualTo(ids);
    }
  }
}
