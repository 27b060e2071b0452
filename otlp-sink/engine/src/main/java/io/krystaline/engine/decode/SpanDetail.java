package io.krystaline.engine.decode;

import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.engine.span.StatusCode;
import io.krystaline.engine.span.TraceId;
import java.util.List;
import java.util.Objects;

/**
 * One span with everything that was sent about it, for people to see. Not for the hot path.
 *
 * @param traceId its trace
 * @param spanId its id
 * @param parentSpanId its parent, zero for none
 * @param traceState the W3C trace state, mostly empty
 * @param service the resource's {@code service.name}, {@code unknown_service} where absent
 * @param name its name, may be empty
 * @param kind its role
 * @param startNanos start, nanoseconds since the Unix epoch
 * @param endNanos end, not before the start
 * @param status its outcome
 * @param statusMessage the outcome in words, mostly empty
 * @param attributes its attributes in the order they were sent
 * @param attributesDropped how many attributes the sender had dropped, 0 or more
 * @param events what happened during it
 * @param eventsOmitted how many more events were sent than are shown
 * @param links other spans that it points to
 * @param linksOmitted how many more links were sent than are shown
 * @param resourceAttributes the attributes of the process that sent it
 * @param scopeName the instrumentation library, may be empty
 * @param scopeVersion the library's version, may be empty
 */
public record SpanDetail(
    TraceId traceId,
    SpanId spanId,
    SpanId parentSpanId,
    String traceState,
    String service,
    String name,
    SpanKind kind,
    long startNanos,
    long endNanos,
    StatusCode status,
    String statusMessage,
    List<Attribute> attributes,
    long attributesDropped,
    List<SpanEvent> events,
    int eventsOmitted,
    List<SpanLink> links,
    int linksOmitted,
    List<Attribute> resourceAttributes,
    String scopeName,
    String scopeVersion) {

  /** The service of a resource that has no {@code service.name}. */
  public static final String UNKNOWN_SERVICE = "unknown_service";

  public SpanDetail {
    Objects.requireNonNull(traceId, "traceId");
    Objects.requireNonNull(spanId, "spanId");
    Objects.requireNonNull(parentSpanId, "parentSpanId");
    Objects.requireNonNull(traceState, "traceState");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(statusMessage, "statusMessage");
    Objects.requireNonNull(scopeName, "scopeName");
    Objects.requireNonNull(scopeVersion, "scopeVersion");
    attributes = List.copyOf(attributes);
    events = List.copyOf(events);
    links = List.copyOf(links);
    resourceAttributes = List.copyOf(resourceAttributes);
  }

  /** End less start, nanoseconds, 0 or more. */
  public long durationNanos() {
    return endNanos - startNanos;
  }
}
