package io.krystaline.sink.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.sink.notify.ReceivingPeer.Request;
import io.krystaline.sink.store.NotificationChange;
import io.krystaline.sink.view.IncidentView;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is posted to Alertmanager, against the schema of its OpenAPI document. */
class AlertmanagerBodyTest {
  private static final ObjectMapper MAPPER = StrictJson.mapper();
  private static final Instant NOW = Instant.parse("2026-11-21T12:05:00Z");
  private static final Incident OPEN = Incidents.open("00000000000000aa", Priority.P1);

  private final ReceivingPeer peer = new ReceivingPeer();
  private final JsonSchema schema = schema();
  private Courier courier;

  @BeforeEach
  void open() {
    ChannelSettings channel =
        ChannelSettings.of(
            "prom",
            new ChannelTarget.Alertmanager(
                peer.url("/prefix/"),
                Optional.of("token"),
                Duration.ofMinutes(1),
                Optional.empty()));
    courier = Couriers.of(channel, NotifySettings.of(List.of(channel)), MAPPER, () -> NOW);
  }

  @AfterEach
  void close() throws Exception {
    courier.close();
    peer.close();
  }

  private static JsonSchema schema() {
    try (InputStream resource =
        Objects.requireNonNull(
            AlertmanagerBodyTest.class.getResourceAsStream("alertmanager-alerts.schema.json"))) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(
              MAPPER.readTree(resource),
              SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private JsonNode delivered(NotificationChange change, Incident incident, @Nullable Incident told)
      throws IOException {
    IncidentView before = told == null ? null : IncidentView.of(told);
    assertThat(
            courier.deliver(
                new Message("k", List.of(new Notice(change, IncidentView.of(incident), before)))))
        .isEqualTo(new Delivery.Delivered());
    return body();
  }

  private JsonNode body() throws IOException {
    Request request = peer.next();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/prefix/api/v2/alerts");
    assertThat(request.headers()).containsEntry("Authorization", "Bearer token");
    JsonNode body = MAPPER.readTree(request.body());
    assertThat(schema.validate(body)).isEmpty();
    return body;
  }

  @Test
  void schema_whatIsNoAlert_isRefused() throws Exception {
    assertThat(schema.validate(MAPPER.readTree("[{\"labels\": {\"alertname\": 1}}]"))).isNotEmpty();
    assertThat(
            schema.validate(
                MAPPER.readTree("[{\"labels\": {\"alertname\": \"a\"}, \"startsAt\": \"now\"}]")))
        .isNotEmpty();
  }

  @Test
  void opened_endsByItselfSomeRemindersAhead() throws Exception {
    JsonNode alerts = delivered(NotificationChange.OPENED, OPEN, null);
    assertThat(alerts).hasSize(1);
    JsonNode alert = alerts.path(0);
    assertThat(alert.path("labels"))
        .isEqualTo(
            MAPPER.readTree(
                """
                {"alertname": "KrystalineIncident", "incident": "00000000000000aa",
                 "kind": "errors", "priority": "P1", "service": "shop", "severity": "SEV2",
                 "use_case": "payment provider down"}
                """));
    assertThat(alert.path("startsAt").asText()).isEqualTo("2026-11-21T12:00:00Z");
    assertThat(alert.path("endsAt").asText()).isEqualTo("2026-11-21T12:09:30Z");
    assertThat(alert.at("/annotations/description").asText()).contains("Suspects: shop");
  }

  @Test
  void resolved_endsNow() throws Exception {
    JsonNode alerts = delivered(NotificationChange.RESOLVED, Incidents.closed(OPEN), OPEN);
    assertThat(alerts).hasSize(1);
    assertThat(alerts.path(0).path("endsAt").asText()).isEqualTo("2026-11-21T12:05:00Z");
  }

  @Test
  void worsened_endsTheAlertWithTheOldLabels() throws Exception {
    Incident worse = Incidents.changed(OPEN, Severity.CRITICAL, Priority.P0);
    JsonNode alerts = delivered(NotificationChange.WORSENED, worse, OPEN);
    assertThat(alerts).hasSize(2);
    assertThat(alerts.path(0).at("/labels/severity").asText()).isEqualTo("SEV2");
    assertThat(alerts.path(0).path("endsAt").asText()).isEqualTo("2026-11-21T12:05:00Z");
    assertThat(alerts.path(1).at("/labels/severity").asText()).isEqualTo("SEV1");
    assertThat(alerts.path(1).path("endsAt").asText()).isEqualTo("2026-11-21T12:09:30Z");
  }

  @Test
  void remind_sendsAllAgain() throws Exception {
    courier.remind(
        List.of(
            new Notice(NotificationChange.OPENED, IncidentView.of(OPEN), null),
            new Notice(
                NotificationChange.OPENED,
                IncidentView.of(Incidents.open("00000000000000bb", Priority.P0)),
                null)));
    assertThat(body()).hasSize(2);
  }
}
