package io.krystaline.engine.assemble;

import io.krystaline.engine.assemble.Spans.Span;
import io.krystaline.engine.span.SpanKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Random traces with everything that real ones have, and their orders of arrival. */
final class RandomTraces {
  private static final SpanKind[] KINDS = SpanKind.values();

  private final SplittableRandom random;
  private final int[] operations;

  RandomTraces(Spans spans, long seed) {
    this.random = new SplittableRandom(seed);
    this.operations = new int[12];
    for (int i = 0; i < operations.length; i++) {
      operations[i] = spans.operation("service" + i / 3, "operation" + i);
    }
  }

  /** Traces whose roots start within a time, ordered by end. */
  List<Span> traces(int count, long startNanos, long withinNanos) {
    List<Span> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.addAll(trace(1 + i, startNanos + random.nextLong(withinNanos)));
    }
    all.sort(Comparator.comparingLong(Span::end));
    return all;
  }

  /**
   * A trace in which children overlap, lie outside of their parents, end after them or before their
   * start by another clock; some parents are missing.
   */
  List<Span> trace(long trace, long startNanos) {
    List<Span> spans = new ArrayList<>();
    int size = 1 + random.nextInt(20);
    for (int i = 0; i < size; i++) {
      long parent = 0;
      long start = startNanos;
      if (i > 0) {
        Span above = spans.get(random.nextInt(spans.size()));
        parent = random.nextInt(20) == 0 ? 1_000_000 + i : above.id();
        long length = Math.max(1, above.end() - above.start());
        start = above.start() + random.nextLong(-length / 4, length + length / 4 + 1);
      }
      long length =
          switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> random.nextLong(8 * Spans.SECOND);
            default -> random.nextLong(300 * Spans.MILLI);
          };
      spans.add(
          new Span(
              operations[random.nextInt(operations.length)],
              trace,
              random.nextLong(1, Long.MAX_VALUE),
              parent,
              KINDS[random.nextInt(KINDS.length)],
              random.nextInt(5) == 0,
              start,
              start + length));
    }
    return spans;
  }

  /** An order in which no span comes more than the slack after one that ended later. */
  List<Span> shuffled(List<Span> spans, long slackNanos) {
    Map<Span, Long> at = new HashMap<>();
    spans.forEach(span -> at.put(span, span.end() + random.nextLong(slackNanos)));
    List<Span> order = new ArrayList<>(spans);
    order.sort(Comparator.comparingLong(at::get));
    return order;
  }

  /** The same with a share of the spans once more: some at once, some up to a minute later. */
  List<Span> repeated(List<Span> spans, double share) {
    Map<Integer, List<Span>> again = new HashMap<>();
    List<Span> order = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      order.add(spans.get(i));
      if (random.nextDouble() < share) {
        again.computeIfAbsent(i + random.nextInt(500), at -> new ArrayList<>()).add(spans.get(i));
      }
      order.addAll(again.getOrDefault(i, List.of()));
    }
    return order;
  }
}
