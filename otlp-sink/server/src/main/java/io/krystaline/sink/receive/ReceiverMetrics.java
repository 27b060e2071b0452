package io.krystaline.sink.receive;

import io.krystaline.sink.pipeline.Transport;

/**
 * Counts what comes in and what is refused. Called on event loops for every request: it must be
 * thread-safe and must not block.
 */
public interface ReceiverMetrics {

  /** Spans of an accepted request, those refused by partial success not among them. */
  void spansReceived(Transport transport, long spans);

  /** Data points of an accepted metrics request. */
  void dataPointsReceived(Transport transport, long dataPoints);

  /** Records of an accepted logs request. */
  void logRecordsReceived(Transport transport, long logRecords);

  /** A whole request refused. */
  void requestRefused(Transport transport, RefusalReason reason);

  /** A connection closed because there are too many. */
  void connectionRefused(Transport transport);
}
