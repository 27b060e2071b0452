package io.krystaline.sink.notify;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.incident.Suspect;
import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.TraceId;
import io.krystaline.platform.telemetry.Tally;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Incidents as OpenTelemetry: an event {@code krystaline.incident} in the logs when one opens,
 * changes its severity or priority, opens again or closes, with the trace id of its first sample;
 * and the metrics {@code krystaline.sink.incidents.open} and {@code
 * krystaline.sink.incidents.opened}. Where no OTLP endpoint is set, nothing leaves and the metrics
 * are on the page. Thread-safe; never blocks.
 */
public final class IncidentTelemetry {
  private static final String SCOPE = "io.krystaline.sink.incidents";
  private static final String EVENT = "krystaline.incident";
  private static final int OPEN_MAX = 10_000;
  private static final int TEXTS_MAX = 20;
  private static final AttributeKey<String> SEVERITY = AttributeKey.stringKey("severity");
  private static final AttributeKey<String> PRIORITY = AttributeKey.stringKey("priority");

  private record Level(Severity severity, Priority priority) {
    Attributes attributes() {
      return Attributes.of(SEVERITY, "SEV" + severity.level(), PRIORITY, priority.name());
    }
  }

  private final Logger events;
  // Guarded by this.
  private final Map<String, Level> open = new LinkedHashMap<>();
  private final Map<Level, Tally> opened = new LinkedHashMap<>();

  /** Registers the metrics; both show 0 for each severity and priority from the start. */
  public IncidentTelemetry(OpenTelemetry telemetry) {
    events = telemetry.getLogsBridge().get(SCOPE);
    for (Severity severity : Severity.values()) {
      for (Priority priority : Priority.values()) {
        opened.put(new Level(severity, priority), new Tally());
      }
    }
    Meter meter = telemetry.getMeter(SCOPE);
    // The meter keeps the instruments; there is nothing to close before the SDK is.
    var _ =
        meter
            .gaugeBuilder("krystaline.sink.incidents.open")
            .ofLongs()
            .setDescription("Incidents that are open, by severity and priority")
            .buildWithCallback(this::measureOpen);
    var _ =
        meter
            .counterBuilder("krystaline.sink.incidents.opened")
            .setDescription("Incidents that were opened, by the severity and priority at first")
            .buildWithCallback(
                measurement ->
                    opened.forEach(
                        (level, tally) -> measurement.record(tally.sum(), level.attributes())));
  }

  /**
   * Takes a change; an update that changes neither severity nor priority is not told, nor is one of
   * an incident that was not known, as after a restart.
   */
  public void incidentChanged(IncidentChange change, Incident incident) {
    Level level = new Level(incident.severity(), incident.priority());
    Level before = remember(incident, level);
    boolean told =
        switch (change) {
          case OPENED, REOPENED, CLOSED -> true;
          case UPDATED -> before != null && !level.equals(before);
        };
    if (change == IncidentChange.OPENED) {
      Tally tally = opened.get(level);
      if (tally != null) {
        tally.increment();
      }
    }
    if (told) {
      emit(change, incident);
    }
  }

  private synchronized @Nullable Level remember(Incident incident, Level level) {
    if (!incident.isOpen()) {
      return open.remove(incident.id());
    }
    return open.size() < OPEN_MAX || open.containsKey(incident.id())
        ? open.put(incident.id(), level)
        : level;
  }

  private synchronized void measureOpen(ObservableLongMeasurement measurement) {
    for (Level level : opened.keySet()) {
      measurement.record(open.values().stream().filter(level::equals).count(), level.attributes());
    }
  }

  private void emit(IncidentChange change, Incident incident) {
    LogRecordBuilder event =
        events
            .logRecordBuilder()
            .setEventName(EVENT)
            .setTimestamp(incident.updatedNanos(), TimeUnit.NANOSECONDS)
            .setSeverity(severity(change, incident.severity()))
            .setSeverityText("SEV" + incident.severity().level())
            .setBody(incident.title())
            .setAllAttributes(attributes(change, incident));
    if (!incident.sampleTraces().isEmpty()) {
      event.setContext(
          Context.root()
              .with(Span.wrap(new TraceOnly(incident.sampleTraces().getFirst().toString()))));
    }
    event.emit();
  }

  private static Attributes attributes(IncidentChange change, Incident incident) {
    AttributesBuilder attributes =
        Attributes.builder()
            .put("krystaline.incident.id", incident.id())
            .put("krystaline.incident.change", lower(change))
            .put("krystaline.incident.severity", incident.severity().level())
            .put("krystaline.incident.priority", incident.priority().name())
            .put("krystaline.incident.use_case", incident.useCase())
            .put("krystaline.incident.kind", lower(incident.kind()))
            .put("krystaline.incident.start_nanos", incident.startNanos())
            .put("krystaline.incident.onset_nanos", incident.onsetNanos())
            .put("krystaline.incident.detected_nanos", incident.detectedNanos())
            .put("krystaline.incident.reopened", incident.reopened());
    if (!incident.isOpen()) {
      attributes.put("krystaline.incident.end_nanos", incident.endNanos());
    }
    texts(attributes, "krystaline.incident.services", incident.services());
    texts(
        attributes,
        "krystaline.incident.suspects",
        incident.suspects().stream().map(IncidentTelemetry::suspect).toList());
    texts(
        attributes,
        "krystaline.incident.trace_ids",
        incident.sampleTraces().stream().map(TraceId::toString).toList());
    return attributes.build();
  }

  private static void texts(AttributesBuilder attributes, String key, List<String> texts) {
    attributes.put(
        AttributeKey.stringArrayKey(key), texts.subList(0, Math.min(TEXTS_MAX, texts.size())));
  }

  private static String suspect(Suspect suspect) {
    return suspect.operation() == null
        ? suspect.service()
        : suspect.service() + " " + suspect.operation();
  }

  /** The end is news, not a fault. */
  private static io.opentelemetry.api.logs.Severity severity(
      IncidentChange change, Severity severity) {
    if (change == IncidentChange.CLOSED) {
      return io.opentelemetry.api.logs.Severity.INFO;
    }
    return switch (severity) {
      case CRITICAL -> io.opentelemetry.api.logs.Severity.FATAL;
      case MAJOR -> io.opentelemetry.api.logs.Severity.ERROR;
      case MODERATE -> io.opentelemetry.api.logs.Severity.WARN;
      case MINOR -> io.opentelemetry.api.logs.Severity.INFO2;
      case LOW -> io.opentelemetry.api.logs.Severity.INFO;
    };
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /**
   * A trace without one of its spans. The data model of logs allows that; the API only knows
   * contexts of spans, and drops one that does not say that it is valid.
   */
  private record TraceOnly(String traceId) implements SpanContext {
    @Override
    public String getTraceId() {
      return traceId;
    }

    @Override
    public String getSpanId() {
      return SpanId.getInvalid();
    }

    @Override
    public TraceFlags getTraceFlags() {
      return TraceFlags.getSampled();
    }

    @Override
    public TraceState getTraceState() {
      return TraceState.getDefault();
    }

    @Override
    public boolean isValid() {
      return true;
    }

    @Override
    public boolean isRemote() {
      return true;
    }
  }
}
