package io.krystaline.sink.receive;

import io.krystaline.platform.telemetry.Metrics;
import io.krystaline.platform.telemetry.TallyFamily;
import io.krystaline.sink.pipeline.Transport;

/**
 * The receivers' counters on the metrics page, for example {@code
 * krystaline_sink_requests_refused_total{reason="malformed"}}.
 */
public final class TelemetryReceiverMetrics implements ReceiverMetrics {
  private final TallyFamily dataPoints;
  private final TallyFamily logRecords;
  private final TallyFamily refusals;
  private final TallyFamily connections;

  /** Registers the counters; once for each {@code metrics}. */
  public TelemetryReceiverMetrics(Metrics metrics) {
    dataPoints =
        metrics.tallies(
            "krystaline.sink.data_points.received",
            "Data points of accepted metrics requests",
            "transport");
    logRecords =
        metrics.tallies(
            "krystaline.sink.log_records.received",
            "Records of accepted logs requests",
            "transport");
    refusals =
        metrics.tallies(
            "krystaline.sink.requests.refused", "Requests refused as a whole", "reason");
    connections =
        metrics.tallies(
            "krystaline.sink.connections.refused",
            "Connections closed because there were too many",
            "receiver");
  }

  @Override
  public void dataPointsReceived(Transport transport, long count) {
    dataPoints.of(transport.label()).add(count);
  }

  @Override
  public void logRecordsReceived(Transport transport, long count) {
    logRecords.of(transport.label()).add(count);
  }

  @Override
  public void requestRefused(Transport transport, RefusalReason reason) {
    refusals.of(reason.label()).increment();
  }

  @Override
  public void connectionRefused(String receiver) {
    connections.of(receiver).increment();
  }
}
