package io.krystaline.engine.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TraceTreeTest {
  private final Spans known = new Spans();
  private final int operation = known.operation("shop", "x");
  private final SpanTable spans = new SpanTable(100_000);
  private final TraceTree tree = new TraceTree(spans, known.index);
  private int first = SpanTable.NONE;

  @Test
  void gather_ofNothing_isEmpty() {
    tree.gather(SpanTable.NONE, Long.MAX_VALUE);
    assertThat(tree.size()).isZero();
    assertThat(tree.order()).isZero();
    assertThat(tree.hasOpenProducer()).isFalse();
  }

  @Test
  void gather_ofAChainOfMany_linksEach_whateverTheIds() {
    // Ids that differ in their high bits only fall into few slots of the table.
    for (int i = 1; i <= 9_000; i++) {
      add((long) i << 45, (long) (i - 1) << 45, 0, i);
    }
    tree.gather(first, Long.MAX_VALUE);
    int count = tree.order();
    assertThat(count).isEqualTo(9_000);
    for (int i = 0; i < count; i++) {
      int position = tree.ordered(i);
      int parent = tree.parent(position);
      if (spans.parentSpanId(tree.row(position)) == 0) {
        assertThat(parent).isNegative();
      } else {
        assertThat(spans.spanId(tree.row(parent)))
            .isEqualTo(spans.parentSpanId(tree.row(position)));
      }
    }
  }

  @Test
  void gather_ofRepeatedIds_keepsTheOneThatEndsFirst_forGood() {
    add(5, 0, 0, 30);
    int kept = add(5, 0, 0, 20);
    add(5, 0, 10, 20);
    tree.gather(first, Long.MAX_VALUE);
    assertThat(tree.duplicates()).isEqualTo(2);
    assertThat(tree.order()).isEqualTo(1);
    assertThat(tree.row(tree.ordered(0))).isEqualTo(kept);
    tree.gather(first, Long.MAX_VALUE);
    assertThat(tree.size()).isEqualTo(1);
    assertThat(tree.duplicates()).isEqualTo(2);
  }

  @Test
  void gather_ofASpanThatIsItsOwnParent_hasNoParent() {
    add(5, 5, 0, 30);
    tree.gather(first, Long.MAX_VALUE);
    assertThat(tree.parent(0)).isNegative();
  }

  @Test
  void gather_ofACircle_isTold() {
    add(5, 6, 0, 30);
    add(6, 5, 0, 30);
    tree.gather(first, Long.MAX_VALUE);
    AssembledSpan told = new AssembledSpan();
    tree.describe(0, told);
    assertThat(told.children()).isEqualTo(1);
    assertThat(told.exclusiveNanos()).isZero();
  }

  @Test
  void order_isById_ofTheSpansThatEndBeforeTheLimit() {
    add(9, 0, 0, 10);
    add(3, 0, 0, 19);
    add(4, 0, 0, 20);
    add(1, 0, 0, 9);
    tree.gather(first, 20);
    assertThat(tree.size()).isEqualTo(3);
    assertThat(tree.latestEndNanos()).isEqualTo(19);
    assertThat(tree.isWhole()).isFalse();
    assertThat(tree.order()).isEqualTo(3);
    assertThat(spans.spanId(tree.row(tree.ordered(0)))).isEqualTo(1);
    assertThat(spans.spanId(tree.row(tree.ordered(1)))).isEqualTo(3);
    assertThat(spans.spanId(tree.row(tree.ordered(2)))).isEqualTo(9);
    assertThat(tree.endNanos(tree.ordered(2))).isEqualTo(10);
  }

  @Test
  void relink_linksTheWholeTraceById_andTellsWhoseParentIsMissing() {
    SplittableRandom random = new SplittableRandom(3);
    for (int size : new int[] {1, 2, 40, 41, 300}) {
      first = SpanTable.NONE;
      long[] ids = random.longs(size, 1, Long.MAX_VALUE).toArray();
      for (int i = 0; i < size; i++) {
        add(ids[i], i == 0 ? 0 : i % 7 == 0 ? -5 : ids[i - 1], i, 1_000 + i);
      }
      tree.gather(first, Long.MAX_VALUE);
      assertThat(tree.isWhole()).isTrue();
      assertThat(tree.order()).isEqualTo(size);
      List<Long> linked = new ArrayList<>();
      List<Long> orphans = new ArrayList<>();
      for (int row = tree.relink(); row != SpanTable.NONE; row = spans.next(row)) {
        linked.add(spans.spanId(row));
        if (SpanTable.isOrphan(spans.block(row)[SpanTable.offset(row) + SpanTable.NEXT])) {
          orphans.add(spans.spanId(row));
        }
      }
      assertThat(linked).containsExactlyElementsOf(Arrays.stream(ids).sorted().boxed().toList());
      assertThat(orphans).hasSize((size - 1) / 7);
    }
  }

  @Test
  void traits_ofASpan_areReadAsWritten() {
    long traits = SpanTable.traits(2_000_000_000, 5, 2, 65_535);
    assertThat(SpanTable.operationOf(traits)).isEqualTo(2_000_000_000);
    assertThat(SpanTable.kindOf(traits)).isEqualTo(5);
    assertThat(SpanTable.statusOf(traits)).isEqualTo(2);
    assertThat(SpanTable.releaseOf(traits)).isEqualTo(65_535);
  }

  @Test
  void spanTable_growsToItsLimit_andGivesRowsAgain() {
    SpanTable table = new SpanTable(10_000);
    for (int i = 0; i < 10_000; i++) {
      assertThat(table.take()).isEqualTo(i);
    }
    assertThat(table.take()).isEqualTo(SpanTable.NONE);
    table.release(77);
    assertThat(table.used()).isEqualTo(9_999);
    assertThat(table.take()).isEqualTo(77);
    assertThat(table.take()).isEqualTo(SpanTable.NONE);
  }

  @Test
  void spanTable_givesEveryReleasedRowOnce() {
    SpanTable table = new SpanTable(10_000);
    Set<Integer> held = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      held.add(table.take());
    }
    held.forEach(table::release);
    assertThat(table.used()).isZero();
    Set<Integer> again = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      again.add(table.take());
    }
    assertThat(again).isEqualTo(held);
  }

  @Test
  void fetch_looksAtRowsOfAnyNumberOfTraces_andChangesNone() {
    SpanTable table = new SpanTable(100);
    int[] first = {SpanTable.NONE, table.take(), table.take()};
    int second = table.take();
    table.next(first[1], second);
    table.next(second, SpanTable.NONE);
    table.next(first[2], SpanTable.NONE, true);
    int[] fetched = first.clone();
    table.fetch(fetched, 3);
    assertThat(fetched).containsOnly(SpanTable.NONE);
    assertThat(table.next(first[1])).isEqualTo(second);
    assertThat(table.next(second)).isEqualTo(SpanTable.NONE);
    assertThat(
            SpanTable.isOrphan(table.block(first[2])[SpanTable.offset(first[2]) + SpanTable.NEXT]))
        .isTrue();
  }

  private int add(long id, long parent, long startNanos, long endNanos) {
    int row = spans.take();
    spans.fill(row, id, parent, startNanos, endNanos, SpanTable.traits(operation, 0, 0, 0));
    spans.next(row, first);
    first = row;
    return row;
  }
}
