package io.krystaline.sink.view;

import java.time.Instant;
import java.util.List;

/**
 * What is kept of a trace.
 *
 * @param startTime start of its first span
 * @param durationMillis from the start of the first to the end of the last span
 * @param services names of the services in it, sorted
 * @param spans by start time
 * @param complete whether it has a root and every parent that a span names
 */
public record TraceView(
    String traceId,
    Instant startTime,
    double durationMillis,
    List<String> services,
    boolean complete,
    List<SpanView> spans) {
  public TraceView {
    services = List.copyOf(services);
    spans = List.copyOf(spans);
  }
}
