package io.krystaline.sink.pipeline;

import io.krystaline.engine.assemble.TraceAssembler;
import io.krystaline.engine.assemble.TraceLimit;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.release.ReleaseDirectory;
import io.krystaline.engine.release.ReleaseTable;
import io.krystaline.engine.score.Scorer;
import io.krystaline.engine.span.SpanBatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A queue of what detection needs of a lane's spans: 56 bytes each, for one writer (the lane, under
 * its lock) and one reader. It never makes the writer wait: spans of traces that the reader does
 * not take in are left out here already, and what does not fit is counted as lost.
 */
public final class SpanFeed {
  private static final int SPANS = 1 << 17;
  private static final int WORDS = 7;
  private static final int KIND_SHIFT = 32;
  private static final int STATUS_SHIFT = 40;
  private static final int RELEASE_SHIFT = 48;

  private final ReleaseDirectory directory;
  private final ReleaseTable releases;
  private final long[] words = new long[SPANS * WORDS];
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong read = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong left = new AtomicLong();
  private volatile long keptUpTo = TraceLimit.ALL;

  /** Receives spans; see {@link TraceAssembler#add}. */
  @FunctionalInterface
  public interface Reader {
    void onSpan(
        int operation,
        long traceIdHigh,
        long traceIdLow,
        long spanId,
        long parentSpanId,
        int kind,
        int status,
        long startNanos,
        long endNanos,
        int release);
  }

  /**
   * An empty feed.
   *
   * @param releases numbers the releases that spans are from; the same for all feeds
   */
  SpanFeed(ReleaseDirectory releases) {
    this.directory = releases;
    this.releases = new ReleaseTable(releases);
  }

  /** What the release numbers of its spans mean. */
  public ReleaseDirectory releases() {
    return directory;
  }

  /** Writes the spans of a batch that was just scored. */
  void offer(SpanBatch batch, Scorer scorer) {
    releases.resolve(batch);
    long kept = keptUpTo;
    long at = written.getPlain();
    long end = read.getAcquire() + SPANS;
    int skipped = 0;
    int full = 0;
    for (int row = 0; row < batch.spanCount(); row++) {
      if (!TraceLimit.isKept(batch.traceIdHigh(row), batch.traceIdLow(row), kept)) {
        skipped++;
      } else if (at == end) {
        full++;
      } else {
        Operation operation = scorer.operation(row);
        if (operation != null) {
          write(at++, batch, row, operation.index());
        }
      }
    }
    written.setRelease(at);
    if (full > 0) {
      lost.addAndGet(full);
    }
    if (skipped > 0) {
      left.addAndGet(skipped);
    }
  }

  private void write(long at, SpanBatch batch, int row, int operation) {
    int word = (int) (at & (SPANS - 1)) * WORDS;
    words[word] =
        operation
            | (long) batch.kind(row) << KIND_SHIFT
            | (long) batch.status(row) << STATUS_SHIFT
            | (long) releases.number(batch.resource(row)) << RELEASE_SHIFT;
    words[word + 1] = batch.traceIdHigh(row);
    words[word + 2] = batch.traceIdLow(row);
    words[word + 3] = batch.spanId(row);
    words[word + 4] = batch.parentSpanId(row);
    words[word + 5] = batch.startNanos(row);
    words[word + 6] = batch.endNanos(row);
  }

  /**
   * Reads what is there, at most so many spans. One thread.
   *
   * @return how many were read
   */
  public int drain(int spansMax, Reader reader) {
    long at = read.getPlain();
    long end = Math.min(written.getAcquire(), at + spansMax);
    int count = (int) (end - at);
    for (; at < end; at++) {
      int word = (int) (at & (SPANS - 1)) * WORDS;
      long packed = words[word];
      reader.onSpan(
          (int) packed,
          words[word + 1],
          words[word + 2],
          words[word + 3],
          words[word + 4],
          (int) (packed >>> KIND_SHIFT) & 0xFF,
          (int) (packed >>> STATUS_SHIFT) & 0xFF,
          words[word + 5],
          words[word + 6],
          (int) (packed >>> RELEASE_SHIFT));
    }
    read.setRelease(at);
    return count;
  }

  /** How full it is, 0 to 1. */
  public double fill() {
    return (written.getAcquire() - read.getPlain()) / (double) SPANS;
  }

  /** Tells the writer which traces to leave out; see {@link TraceAssembler#keptUpTo}. */
  public void keep(long limit) {
    if (limit != keptUpTo) {
      keptUpTo = limit;
    }
  }

  /** How many spans did not fit, ever. */
  public long lost() {
    return lost.get();
  }

  /** How many spans were left out with their whole traces, ever. */
  public long leftOut() {
    return left.get();
  }
}
