package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A span with all that it said.
 *
 * @param parentSpanId null for a root
 * @param exclusiveMillis its time that none of its children covers
 * @param criticalMillis its own part of the trace's critical path
 * @param status {@code UNSET}, {@code OK} or {@code ERROR}
 * @param statusMessage empty where there is none
 * @param attributes by key, as JSON values
 * @param resource the attributes of the resource that sent it
 * @param scope name of the instrumentation scope, empty where there is none
 * @param anomalyId the anomaly that this span is; null where it is none
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record SpanView(
    String spanId,
    @Nullable String parentSpanId,
    String service,
    String operation,
    String kind,
    Instant startTime,
    Instant endTime,
    double durationMillis,
    double exclusiveMillis,
    double criticalMillis,
    String status,
    String statusMessage,
    Map<String, Object> attributes,
    List<EventView> events,
    List<LinkView> links,
    Map<String, Object> resource,
    String scope,
    @Nullable String anomalyId) {

  /** The same span, with its times among the spans of its trace. */
  public SpanView withTimes(double exclusive, double critical) {
    return new SpanView(
        spanId,
        parentSpanId,
        service,
        operation,
        kind,
        startTime,
        endTime,
        durationMillis,
        exclusive,
        critical,
        status,
        statusMessage,
        attributes,
        events,
        links,
        resource,
        scope,
        anomalyId);
  }
}
