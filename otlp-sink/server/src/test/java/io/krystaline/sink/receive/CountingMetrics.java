package io.krystaline.sink.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.sink.pipeline.Transport;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Counts in memory, by names such as {@code points grpc} and {@code refused grpc malformed}. */
final class CountingMetrics implements ReceiverMetrics {
  private static final long WAIT_SECONDS = 10;

  private final Map<String, Long> counts = new HashMap<>();

  /** Waits until a count is reached: some are counted just after the sender has its answer. */
  synchronized void assertCount(String name, long expected) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    try {
      for (long left = WAIT_SECONDS; count(name) < expected && left > 0; ) {
        TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
        left = deadline - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    assertThat(count(name)).as(name).isEqualTo(expected);
  }

  @Override
  public void dataPointsReceived(Transport transport, long dataPoints) {
    add("points " + transport.label(), dataPoints);
  }

  @Override
  public void logRecordsReceived(Transport transport, long logRecords) {
    add("logs " + transport.label(), logRecords);
  }

  @Override
  public void requestRefused(Transport transport, RefusalReason reason) {
    add("refused " + transport.label() + " " + reason.label(), 1);
  }

  @Override
  public void connectionRefused(String receiver) {
    add("connections refused " + receiver, 1);
  }

  private synchronized void add(String name, long more) {
    counts.merge(name, more, Long::sum);
    notifyAll();
  }

  private long count(String name) {
    return counts.getOrDefault(name, 0L);
  }
}
