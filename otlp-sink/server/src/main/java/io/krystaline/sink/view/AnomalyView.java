package io.krystaline.sink.view;

import io.krystaline.engine.score.Anomaly;
import java.time.Instant;

/**
 * An anomaly as the API, the live stream and {@code anomalies.ndjson} show it.
 *
 * @param id trace id, a hyphen, span id
 * @param traceId 32 hex digits
 * @param spanId 16 hex digits
 * @param kind upper-case name of the span's kind, for example {@code SERVER}
 * @param severity 1, the worst, to 5
 * @param deviation (duration - mean) / standard deviation
 */
public record AnomalyView(
    String id,
    String traceId,
    String spanId,
    String service,
    String operation,
    String kind,
    int severity,
    Instant startTime,
    Instant endTime,
    Instant detectedAt,
    double durationMillis,
    double deviation,
    ExpectedView expected,
    String explanation) {

  /** The view of an anomaly. */
  public static AnomalyView of(Anomaly anomaly) {
    return new AnomalyView(
        anomaly.id(),
        anomaly.traceId().toString(),
        anomaly.spanId().toString(),
        anomaly.operation().service(),
        anomaly.operation().operation(),
        anomaly.operation().kind().name(),
        anomaly.severity().level(),
        EpochNanos.toInstant(anomaly.startNanos()),
        EpochNanos.toInstant(anomaly.endNanos()),
        EpochNanos.toInstant(anomaly.detectedNanos()),
        anomaly.durationMillis(),
        anomaly.deviation(),
        ExpectedView.of(anomaly.expected()),
        anomaly.explanation());
  }
}
