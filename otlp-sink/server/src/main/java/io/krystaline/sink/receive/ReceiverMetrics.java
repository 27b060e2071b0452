package io.krystaline.sink.receive;

import io.krystaline.sink.pipeline.Transport;

/**
 * Counts what the receivers refuse, and the metrics and logs that come in; spans are counted by the
 * pipeline. Called on event loops for every request: it must be thread-safe and must not block.
 */
public interface ReceiverMetrics {

  /** Data points of an accepted metrics request. */
  void dataPointsReceived(Transport transport, long dataPoints);

  /** Records of an accepted logs request. */
  void logRecordsReceived(Transport transport, long logRecords);

  /** A whole request refused. */
  void requestRefused(Transport transport, RefusalReason reason);

  /**
   * A connection closed because there are too many.
   *
   * @param receiver {@code grpc} or {@code http}
   */
  void connectionRefused(String receiver);
}
