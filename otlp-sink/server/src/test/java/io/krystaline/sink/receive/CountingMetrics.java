package io.krystaline.sink.receive;

import io.krystaline.sink.pipeline.Transport;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts in memory, by names such as {@code spans grpc} and {@code refused grpc malformed}. */
final class CountingMetrics implements ReceiverMetrics {
  private final Map<String, Long> counts = new ConcurrentHashMap<>();

  long count(String name) {
    return counts.getOrDefault(name, 0L);
  }

  @Override
  public void spansReceived(Transport transport, long spans) {
    add("spans " + transport.label(), spans);
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
  public void connectionRefused(Transport transport) {
    add("connections refused " + transport.label(), 1);
  }

  private void add(String name, long more) {
    counts.merge(name, more, Long::sum);
  }
}
