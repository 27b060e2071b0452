package io.krystaline.sink.pipeline;

import io.krystaline.engine.assemble.TraceLimit;
import io.krystaline.engine.span.TraceId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Which traces the buffer of recent spans keeps: all, as long as it then reaches back far enough;
 * of more, as many as it has room for, chosen by a hash of the trace id so that traces are whole or
 * absent on all lanes. Only a trace under way while the share changes may be kept in part.
 *
 * <p>A buffer that is overwritten in a fraction of a second would keep the whole of no trace, and
 * its copies would cost the hot path more than what they are good for.
 */
final class RecentShare {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The share follows what arrives only once it is this much off, so that it seldom changes. */
  private static final double OFF = 1.25;

  private final double reachNanos;
  private final long[] spansSeen;
  private final long[] bytesSeen;
  private long periodStartNanos;
  private volatile long keptUpTo = TraceLimit.ALL;

  /**
   * Keeps all traces at first.
   *
   * @param reach how far back each ring is to reach; with 0 all traces are always kept
   * @param lanes how many rings there are
   * @param nowNanos of {@link System#nanoTime}
   */
  RecentShare(Duration reach, int lanes, long nowNanos) {
    this.reachNanos = reach.toNanos();
    this.spansSeen = new long[lanes];
    this.bytesSeen = new long[lanes];
    this.periodStartNanos = nowNanos;
  }

  /** The {@link TraceLimit} of what is kept. Any thread. */
  long keptUpTo() {
    return keptUpTo;
  }

  /** Whether spans of a trace are kept now. Any thread. */
  boolean isKept(TraceId id) {
    return TraceLimit.isKept(id.high(), id.low(), keptUpTo);
  }

  /**
   * Follows what arrived, once a second; a call before that does nothing. One thread.
   *
   * @param rings those of all lanes, in the same order every time
   * @param nowNanos of {@link System#nanoTime}
   */
  void adapt(List<SpanRing> rings, long nowNanos) {
    long elapsedNanos = nowNanos - periodStartNanos;
    if (elapsedNanos < PERIOD_NANOS) {
      return;
    }
    double fullest = 0;
    for (int lane = 0; lane < rings.size(); lane++) {
      SpanRing ring = rings.get(lane);
      long spans = ring.offeredSpans();
      long bytes = ring.offeredBytes();
      fullest = Math.max(fullest, (spans - spansSeen[lane]) / (double) ring.spanCapacity());
      fullest = Math.max(fullest, (bytes - bytesSeen[lane]) / (double) ring.byteCapacity());
      spansSeen[lane] = spans;
      bytesSeen[lane] = bytes;
    }
    periodStartNanos = nowNanos;
    follow(elapsedNanos / (fullest * reachNanos));
  }

  /** Takes a share that would fit, infinite where nothing arrived. */
  private void follow(double fitting) {
    double share = TraceLimit.share(keptUpTo);
    boolean fits = fitting >= share && (share == 1 || fitting <= share * OFF);
    if (!fits) {
      keptUpTo = TraceLimit.ofShare(fitting / Math.sqrt(OFF));
    }
  }
}
