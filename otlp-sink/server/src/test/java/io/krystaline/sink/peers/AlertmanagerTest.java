package io.krystaline.sink.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.platform.telemetry.Telemetry;
import io.krystaline.platform.telemetry.TelemetrySettings;
import io.krystaline.sink.notify.ChannelSettings;
import io.krystaline.sink.notify.ChannelTarget;
import io.krystaline.sink.notify.Incidents;
import io.krystaline.sink.notify.Notifier;
import io.krystaline.sink.notify.NotifySettings;
import io.krystaline.sink.notify.Silences;
import io.krystaline.sink.store.InMemoryNotificationStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Incidents as alerts in a real Alertmanager, which checks what it is sent itself. */
@Timeout(180)
class AlertmanagerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void incident_isAnAlertUntilItIsResolved() throws Exception {
    Path binary = Peer.ALERTMANAGER.require();
    int port = FreePorts.take(1)[0];
    try (PeerProcess process = start(binary, port);
        LoopbackHttp http = new LoopbackHttp(port);
        Telemetry telemetry = Telemetry.start(TelemetrySettings.local("test", "1"))) {
      Eventually.holds(
          () -> "Alertmanager is ready:\n" + process.outputTail(),
          LIMIT,
          () ->
              http.tryGet("/-/ready").filter(answer -> answer.statusCode() == 200).isPresent()
                  || !process.isAlive());
      assertThat(process.isAlive()).as(process.outputTail()).isTrue();
      try (Notifier notifier = notifier(port, telemetry)) {
        notifier.start();
        tellAndSee(notifier, http);
      }
    }
  }

  private static void tellAndSee(Notifier notifier, LoopbackHttp http) {
    Incident incident = Incidents.open("00000000000000aa", Priority.P0);
    notifier.incidentChanged(IncidentChange.OPENED, incident);
    JsonNode alert = awaitAlert(http, seen -> isSeverity(seen, "SEV2"));
    assertThat(alert.at("/labels/alertname").asText()).isEqualTo("KrystalineIncident");
    assertThat(alert.at("/labels/incident").asText()).isEqualTo("00000000000000aa");
    assertThat(alert.at("/labels/service").asText()).isEqualTo("shop");
    assertThat(alert.at("/labels/use_case").asText()).isEqualTo("payment provider down");
    assertThat(alert.at("/annotations/description").asText()).contains("POST /pay");
    assertThat(alert.path("generatorURL").asText())
        .isEqualTo("https://sink.example/incidents/00000000000000aa");
    assertThat(Instant.parse(alert.path("startsAt").asText())).isEqualTo(Incidents.START);
    assertThat(alert.at("/status/state").asText()).isEqualTo("active");

    // Reminded, it ends later than it was to end at first.
    Instant end = Instant.parse(alert.path("endsAt").asText());
    awaitAlert(http, seen -> Instant.parse(seen.path("endsAt").asText()).isAfter(end));

    Incident worse = Incidents.changed(incident, Severity.CRITICAL, Priority.P0);
    notifier.incidentChanged(IncidentChange.UPDATED, worse);
    awaitAlert(http, seen -> isSeverity(seen, "SEV1"));
    Eventually.holds(
        () -> "the alert with the old severity ended: " + alerts(http),
        LIMIT,
        () -> alerts(http).size() == 1);

    notifier.incidentChanged(IncidentChange.CLOSED, Incidents.closed(worse));
    Eventually.holds(
        () -> "the alert is resolved: " + alerts(http), LIMIT, () -> alerts(http).isEmpty());
  }

  private static boolean isSeverity(JsonNode alert, String severity) {
    return alert.at("/labels/severity").asText().equals(severity);
  }

  private static JsonNode awaitAlert(LoopbackHttp http, Predicate<JsonNode> wanted) {
    return Eventually.present(
        () -> "an alert as wanted among " + alerts(http),
        LIMIT,
        () -> {
          for (JsonNode alert : alerts(http)) {
            if (wanted.test(alert)) {
              return Optional.of(alert);
            }
          }
          return Optional.empty();
        });
  }

  /** Those that have not ended. */
  private static JsonNode alerts(LoopbackHttp http) {
    try {
      return MAPPER.readTree(http.get("/api/v2/alerts"));
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON", e);
    }
  }

  private PeerProcess start(Path binary, int port) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("alertmanager.yml"),
            "route: {receiver: none}\nreceivers: [{name: none}]\n");
    return PeerProcess.start(
        "alertmanager",
        folder,
        Map.of(),
        List.of(
            binary.toString(),
            "--config.file=" + config,
            "--storage.path=" + folder.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port,
            "--cluster.listen-address="));
  }

  private static Notifier notifier(int port, Telemetry telemetry) {
    NotifySettings defaults =
        NotifySettings.of(
            List.of(
                ChannelSettings.of(
                    "prom",
                    new ChannelTarget.Alertmanager(
                        URI.create("http://127.0.0.1:" + port),
                        Optional.empty(),
                        Duration.ofSeconds(1),
                        Optional.empty()))));
    return new Notifier(
        new NotifySettings(
            defaults.channels(),
            defaults.groupBy(),
            defaults.groupWait(),
            defaults.batchMax(),
            Optional.of("https://sink.example/incidents/{id}"),
            defaults.backoff(),
            defaults.attemptsMax(),
            defaults.ageMax(),
            defaults.pendingMax(),
            defaults.changesMax(),
            Duration.ofMillis(50),
            defaults.keep()),
        new InMemoryNotificationStore(),
        Silences.NONE,
        telemetry.metrics("io.krystaline.sink"),
        StrictJson.mapper(),
        InstantSource.system(),
        new Random(1));
  }
}
