package io.krystaline.sink.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import io.krystaline.platform.telemetry.Telemetry;
import io.krystaline.platform.telemetry.TelemetrySettings;
import io.krystaline.sink.notify.ReceivingPeer.Request;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Incidents over OTLP/HTTP to a real receiver, read with the protocol's own messages. */
class IncidentTelemetryTest {
  private static final Incident OPEN = Incidents.open("00000000000000aa", Priority.P0);

  private static Telemetry telemetry(Optional<ReceivingPeer> receiver) {
    return Telemetry.start(
        new TelemetrySettings(
            "krystaline-sink",
            "1",
            Optional.of("one"),
            receiver.map(peer -> peer.url("/otlp/")),
            Duration.ofHours(1)));
  }

  private static List<LogRecord> records(ReceivingPeer peer) throws IOException {
    List<LogRecord> records = new ArrayList<>();
    while (peer.waiting() > 0) {
      Request request = peer.next();
      if (request.path().equals("/otlp/v1/logs")) {
        byte[] body =
            "gzip".equals(request.headers().get("Content-Encoding"))
                ? new GZIPInputStream(new ByteArrayInputStream(request.bytes())).readAllBytes()
                : request.bytes();
        ExportLogsServiceRequest.parseFrom(body)
            .getResourceLogsList()
            .forEach(
                resource ->
                    resource
                        .getScopeLogsList()
                        .forEach(scope -> records.addAll(scope.getLogRecordsList())));
      }
    }
    return records;
  }

  @Test
  void incident_leavesAsAnEventOfItsTrace() throws Exception {
    List<LogRecord> records;
    try (ReceivingPeer peer = new ReceivingPeer()) {
      try (Telemetry telemetry = telemetry(Optional.of(peer))) {
        IncidentTelemetry incidents = new IncidentTelemetry(telemetry.openTelemetry());
        incidents.incidentChanged(IncidentChange.OPENED, OPEN);
        incidents.incidentChanged(IncidentChange.UPDATED, OPEN);
        Incident worse = Incidents.changed(OPEN, Severity.CRITICAL, Priority.P0);
        incidents.incidentChanged(IncidentChange.UPDATED, worse);
        incidents.incidentChanged(IncidentChange.CLOSED, Incidents.closed(worse));
      }
      records = records(peer);
    }
    assertThat(records)
        .extracting(LogRecord::getSeverityNumber)
        .containsExactly(
            SeverityNumber.SEVERITY_NUMBER_ERROR,
            SeverityNumber.SEVERITY_NUMBER_FATAL,
            SeverityNumber.SEVERITY_NUMBER_INFO);
    LogRecord first = records.getFirst();
    assertThat(first.getEventName()).isEqualTo("krystaline.incident");
    assertThat(HexFormat.of().formatHex(first.getTraceId().toByteArray()))
        .isEqualTo("5b8efff798038103d269b633813fc60c");
    assertThat(first.getSpanId().isEmpty() || first.getSpanId().toByteArray()[0] == 0).isTrue();
    assertThat(first.getTimeUnixNano()).isEqualTo(OPEN.updatedNanos());
    assertThat(first.getBody().getStringValue()).isEqualTo(OPEN.title());
    Map<String, String> attributes =
        first.getAttributesList().stream()
            .filter(attribute -> attribute.getValue().hasStringValue())
            .collect(
                Collectors.toMap(
                    attribute -> attribute.getKey(),
                    attribute -> attribute.getValue().getStringValue()));
    assertThat(attributes)
        .containsEntry("krystaline.incident.id", OPEN.id())
        .containsEntry("krystaline.incident.change", "opened")
        .containsEntry("krystaline.incident.priority", "P0")
        .containsEntry("krystaline.incident.use_case", "payment provider down")
        .containsEntry("krystaline.incident.kind", "errors");
    assertThat(records.getLast().getAttributesList())
        .anyMatch(attribute -> attribute.getKey().equals("krystaline.incident.end_nanos"));
  }

  @Test
  void metrics_countOpenAndOpened() {
    try (Telemetry telemetry = telemetry(Optional.empty())) {
      IncidentTelemetry incidents = new IncidentTelemetry(telemetry.openTelemetry());
      assertThat(page(telemetry))
          .contains("krystaline_sink_incidents_open{priority=\"P0\",severity=\"SEV2\"} 0");
      incidents.incidentChanged(IncidentChange.OPENED, OPEN);
      incidents.incidentChanged(
          IncidentChange.OPENED, Incidents.open("00000000000000bb", Priority.P0));
      assertThat(page(telemetry))
          .contains("krystaline_sink_incidents_open{priority=\"P0\",severity=\"SEV2\"} 2")
          .contains("krystaline_sink_incidents_opened_total{priority=\"P0\",severity=\"SEV2\"} 2");
      incidents.incidentChanged(IncidentChange.CLOSED, Incidents.closed(OPEN));
      incidents.incidentChanged(IncidentChange.REOPENED, Incidents.reopened(OPEN));
      incidents.incidentChanged(IncidentChange.CLOSED, Incidents.closed(OPEN));
      assertThat(page(telemetry))
          .contains("krystaline_sink_incidents_open{priority=\"P0\",severity=\"SEV2\"} 1")
          .contains("krystaline_sink_incidents_opened_total{priority=\"P0\",severity=\"SEV2\"} 2");
    }
  }

  private static String page(Telemetry telemetry) {
    return new String(telemetry.page().render(null).body(), StandardCharsets.UTF_8);
  }
}
