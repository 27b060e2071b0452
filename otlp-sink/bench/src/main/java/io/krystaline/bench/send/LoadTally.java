package io.krystaline.bench.send;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;

/** Counts answers. Safe on every thread. */
final class LoadTally {
  private static final long NANOS_MAX = TimeUnit.HOURS.toNanos(1);
  private static final int DIGITS = 3;

  private final LongAdder accepted = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final AtomicReference<String> trouble = new AtomicReference<>("");
  private final Recorder latencies = new Recorder(NANOS_MAX, DIGITS);

  void add(Answer answer, int spans, long nanos) {
    switch (answer.kind()) {
      case ACCEPTED -> {
        accepted.add(spans);
        rejected.add(answer.rejectedSpans());
        latencies.recordValue(Math.clamp(nanos, 0, NANOS_MAX));
      }
      case REFUSED -> refused.add(spans);
      case FAILED -> failed.increment();
    }
    if (!answer.text().isEmpty()) {
      trouble.compareAndSet("", answer.text());
    }
  }

  LoadResult result(Duration elapsed) {
    return new LoadResult(
        accepted.sum(),
        rejected.sum(),
        refused.sum(),
        failed.sum(),
        trouble.get(),
        elapsed,
        latencies.getIntervalHistogram());
  }
}
