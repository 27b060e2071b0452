package io.krystaline.sink.store;

import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.score.Severity;
import org.jspecify.annotations.Nullable;

/**
 * Which anomalies are wanted. A null field does not restrict. Begin with {@link #ALL} and narrow
 * it:
 *
 * <pre>{@code
 * AnomalyFilter.ALL.service("cart").minSeverity(Severity.MAJOR).from(startNanos)
 * }</pre>
 *
 * @param service the exact service name
 * @param operation the exact operation name
 * @param minSeverity this severity and all worse ones: {@link Severity#MAJOR} gives SEV1 and SEV2
 * @param fromNanos the earliest start of the span, inclusive, nanoseconds since the Unix epoch
 * @param untilNanos the latest start of the span, exclusive, nanoseconds since the Unix epoch
 * @param detectedSinceNanos the earliest detection, inclusive, nanoseconds since the Unix epoch
 */
public record AnomalyFilter(
    @Nullable String service,
    @Nullable String operation,
    @Nullable Severity minSeverity,
    @Nullable Long fromNanos,
    @Nullable Long untilNanos,
    @Nullable Long detectedSinceNanos) {

  /** Every anomaly. */
  public static final AnomalyFilter ALL = new AnomalyFilter(null, null, null, null, null, null);

  /** This filter, for one service. */
  public AnomalyFilter service(@Nullable String name) {
    return new AnomalyFilter(
        name, operation, minSeverity, fromNanos, untilNanos, detectedSinceNanos);
  }

  /** This filter, for one operation name. */
  public AnomalyFilter operation(@Nullable String name) {
    return new AnomalyFilter(service, name, minSeverity, fromNanos, untilNanos, detectedSinceNanos);
  }

  /** This filter, for this severity and all worse ones. */
  public AnomalyFilter minSeverity(@Nullable Severity severity) {
    return new AnomalyFilter(
        service, operation, severity, fromNanos, untilNanos, detectedSinceNanos);
  }

  /** This filter, for spans that start at this time or later. */
  public AnomalyFilter from(@Nullable Long nanos) {
    return new AnomalyFilter(
        service, operation, minSeverity, nanos, untilNanos, detectedSinceNanos);
  }

  /** This filter, for spans that start before this time. */
  public AnomalyFilter until(@Nullable Long nanos) {
    return new AnomalyFilter(service, operation, minSeverity, fromNanos, nanos, detectedSinceNanos);
  }

  /** This filter, for anomalies that were detected at this time or later. */
  public AnomalyFilter detectedSince(@Nullable Long nanos) {
    return new AnomalyFilter(service, operation, minSeverity, fromNanos, untilNanos, nanos);
  }

  /** Whether the anomaly is one of those wanted. */
  public boolean matches(Anomaly anomaly) {
    return (service == null || service.equals(anomaly.operation().service()))
        && (operation == null || operation.equals(anomaly.operation().operation()))
        && (minSeverity == null || anomaly.severity().compareTo(minSeverity) <= 0)
        && (fromNanos == null || anomaly.startNanos() >= fromNanos)
        && (untilNanos == null || anomaly.startNanos() < untilNanos)
        && (detectedSinceNanos == null || anomaly.detectedNanos() >= detectedSinceNanos);
  }
}
