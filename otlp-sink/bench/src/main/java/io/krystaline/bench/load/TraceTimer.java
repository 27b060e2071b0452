package io.krystaline.bench.load;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Gives the spans of a window their times. A span takes a log-normal time of its own and that of
 * its children, which follow one another in it; only a consumer runs after its producer has ended.
 * Owned by one thread.
 */
final class TraceTimer {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double QUEUE_NANOS = 1e6;
  private static final double JITTER_NANOS = 200e6;

  private final List<SimulatedSpan> spans;
  private final int[] parents;
  private final int[] wireOrder;
  private final Random random;
  private final double sigma;
  private final double[] own;
  private final double[] total;
  private final double[] start;
  private final double[] cursor;

  /**
   * A timer.
   *
   * @param spans of all traces, one trace after the other, parents first
   * @param parents by span: the position of its parent among all; -1 for a root
   * @param wireOrder by span: its position in the messages
   */
  TraceTimer(
      List<SimulatedSpan> spans, int[] parents, int[] wireOrder, Random random, double sigma) {
    this.spans = spans;
    this.parents = parents;
    this.wireOrder = wireOrder;
    this.random = random;
    this.sigma = sigma;
    this.own = new double[spans.size()];
    this.total = new double[spans.size()];
    this.start = new double[spans.size()];
    this.cursor = new double[spans.size()];
  }

  Timing variants(int count) {
    int[][] starts = new int[count][];
    int[][] durations = new int[count][];
    for (int variant = 0; variant < count; variant++) {
      durations();
      starts();
      starts[variant] = new int[spans.size()];
      durations[variant] = new int[spans.size()];
      place(starts[variant], durations[variant]);
    }
    return new Timing(starts, durations);
  }

  private void durations() {
    Arrays.fill(total, 0);
    for (int span = spans.size() - 1; span >= 0; span--) {
      SimulatedOperation operation = spans.get(span).operation();
      own[span] =
          operation.medianMillis() * NANOS_PER_MILLI * Math.exp(sigma * random.nextGaussian());
      total[span] += own[span];
      if (parents[span] >= 0 && operation.type() != SpanType.CONSUMER) {
        total[parents[span]] += total[span];
      }
    }
  }

  private void starts() {
    for (int span = 0; span < spans.size(); span++) {
      int parent = parents[span];
      if (parent < 0) {
        start[span] = 0;
      } else if (spans.get(span).operation().type() == SpanType.CONSUMER) {
        start[span] = start[parent] + total[parent] + QUEUE_NANOS;
      } else {
        start[span] = cursor[parent];
        cursor[parent] += total[span];
      }
      cursor[span] = start[span] + 0.3 * own[span];
    }
  }

  /** Moves each trace so that it ends shortly before the end of the window. */
  private void place(int[] startMicros, int[] durationMicros) {
    int first = 0;
    while (first < spans.size()) {
      int after = first + 1;
      while (after < spans.size() && parents[after] >= 0) {
        after++;
      }
      double end = 0;
      for (int span = first; span < after; span++) {
        end = Math.max(end, start[span] + total[span]);
      }
      end += JITTER_NANOS * random.nextDouble();
      for (int span = first; span < after; span++) {
        startMicros[wireOrder[span]] = (int) Math.floor((start[span] - end) / 1_000);
        durationMicros[wireOrder[span]] = (int) Math.floor(total[span] / 1_000);
      }
      first = after;
    }
  }
}
