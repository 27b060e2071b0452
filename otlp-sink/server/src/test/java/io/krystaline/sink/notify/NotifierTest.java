package io.krystaline.sink.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import io.krystaline.platform.db.Database;
import io.krystaline.platform.db.DatabaseSettings;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.platform.telemetry.Telemetry;
import io.krystaline.platform.telemetry.TelemetrySettings;
import io.krystaline.sink.SettableClock;
import io.krystaline.sink.notify.ReceivingPeer.Answer;
import io.krystaline.sink.notify.ReceivingPeer.Request;
import io.krystaline.sink.store.InMemoryNotificationStore;
import io.krystaline.sink.store.InMemorySilenceStore;
import io.krystaline.sink.store.NotificationStore;
import io.krystaline.sink.store.PostgresNotificationStore;
import io.krystaline.sink.store.Silence;
import io.krystaline.sink.store.SilenceStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a change of an incident to a real receiver, with real threads and the system's clock. */
@Timeout(120)
class NotifierTest {
  private static final ObjectMapper MAPPER = StrictJson.mapper();
  private static final Incident URGENT = Incidents.open("00000000000000aa", Priority.P0);

  @TempDir private Path folder;
  private final ReceivingPeer peer = new ReceivingPeer();
  private final Telemetry telemetry = Telemetry.start(TelemetrySettings.local("test", "1"));
  private final InMemoryNotificationStore memory = new InMemoryNotificationStore();

  @AfterEach
  void close() {
    peer.close();
    telemetry.close();
  }

  private NotifySettings settings() {
    NotifySettings defaults = NotifySettings.of(List.of());
    return new NotifySettings(
        List.of(
            ChannelSettings.of(
                "hook",
                new ChannelTarget.Webhook(
                    peer.url("/hook"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()))),
        defaults.groupBy(),
        Duration.ofMillis(200),
        defaults.batchMax(),
        defaults.link(),
        new Backoff(Duration.ofMillis(10), Duration.ofMillis(50)),
        defaults.attemptsMax(),
        defaults.ageMax(),
        defaults.pendingMax(),
        defaults.changesMax(),
        Duration.ofMillis(20),
        defaults.keep());
  }

  private Notifier notifier(NotifySettings settings, NotificationStore store, Silences silences) {
    Notifier notifier =
        new Notifier(
            settings,
            store,
            silences,
            telemetry.metrics("io.krystaline.sink"),
            MAPPER,
            InstantSource.system(),
            new Random(1));
    notifier.start();
    return notifier;
  }

  private static String told(Request request) throws IOException {
    StringBuilder told = new StringBuilder();
    for (JsonNode notice : MAPPER.readTree(request.body()).path("notices")) {
      told.append(told.isEmpty() ? "" : " ")
          .append(notice.path("change").asText())
          .append(':')
          .append(notice.at("/incident/id").asText().substring(14));
    }
    return told.toString();
  }

  private String page() {
    return new String(telemetry.page().render(null).body(), StandardCharsets.UTF_8);
  }

  @Test
  void incident_fromOpenToClosed_isTold() throws Exception {
    try (Notifier notifier = notifier(settings(), memory, Silences.NONE)) {
      notifier.incidentChanged(IncidentChange.OPENED, URGENT);
      Request first = peer.next();
      assertThat(told(first)).isEqualTo("opened:aa");
      assertThat(first.headers())
          .containsEntry("Idempotency-Key", "00000000000000aa-0-opened-hook");
      notifier.incidentChanged(IncidentChange.UPDATED, URGENT);
      Incident worse = Incidents.changed(URGENT, Severity.CRITICAL, Priority.P0);
      notifier.incidentChanged(IncidentChange.UPDATED, worse);
      assertThat(told(peer.next())).isEqualTo("worsened:aa");
      notifier.incidentChanged(IncidentChange.CLOSED, Incidents.closed(worse));
      assertThat(told(peer.next())).isEqualTo("resolved:aa");
      notifier.incidentChanged(IncidentChange.REOPENED, Incidents.reopened(worse));
      assertThat(told(peer.next())).isEqualTo("reopened:aa");
    }
    assertThat(peer.waiting()).isZero();
    assertThat(page())
        .contains("krystaline_sink_notifications_total{channel=\"hook\",outcome=\"delivered\"} 4")
        .contains("krystaline_sink_notifications_total{channel=\"hook\",outcome=\"queued\"} 4");
  }

  @Test
  void incidents_ofOneService_areOneMessage() throws Exception {
    try (Notifier notifier = notifier(settings(), memory, Silences.NONE)) {
      notifier.incidentChanged(
          IncidentChange.OPENED, Incidents.open("00000000000000bb", Priority.P1));
      notifier.incidentChanged(
          IncidentChange.OPENED, Incidents.open("00000000000000cc", Priority.P2));
      assertThat(told(peer.next())).isEqualTo("opened:bb opened:cc");
    }
  }

  @Test
  void receiver_failsAtFirst_getsItWithTheSameKey() {
    peer.answer(Answer.of(503), Answer.of(500));
    try (Notifier notifier = notifier(settings(), memory, Silences.NONE)) {
      notifier.incidentChanged(IncidentChange.OPENED, URGENT);
      String key = peer.next().headers().get("Idempotency-Key");
      assertThat(peer.next().headers()).containsEntry("Idempotency-Key", key);
      assertThat(peer.next().headers()).containsEntry("Idempotency-Key", key);
    }
    assertThat(memory.states()).containsExactly("DELIVERED OPENED");
  }

  @Test
  void silence_thatEndsBeforeTheIncident_isMadeUpFor() throws Exception {
    AtomicBoolean silent = new AtomicBoolean(true);
    CountDownLatch asked = new CountDownLatch(1);
    Silences silences =
        incident -> {
          boolean answer = silent.get();
          asked.countDown();
          return answer;
        };
    try (Notifier notifier = notifier(settings(), memory, silences)) {
      notifier.incidentChanged(IncidentChange.OPENED, URGENT);
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      silent.set(false);
      notifier.incidentChanged(IncidentChange.UPDATED, URGENT);
      // Offered while the first one was looked at, the second may have taken its place.
      notifier.incidentChanged(
          IncidentChange.UPDATED, Incidents.changed(URGENT, Severity.CRITICAL, Priority.P0));
      assertThat(told(peer.next())).isIn("opened:aa");
    }
  }

  @Test
  void silences_ofTheStore_holdWhileTheyLast() {
    SilenceStore store = new InMemorySilenceStore();
    SettableClock clock = new SettableClock(Incidents.START);
    Silences silences = Silences.of(store, clock);
    assertThat(silences.silences(URGENT)).isFalse();
    Instant end = Incidents.START.plusSeconds(60);
    store.create(
        new Silence(0, "shop", null, null, Incidents.START, end, "ops", "works", null, null));
    assertThat(silences.silences(URGENT)).isTrue();
    assertThat(silences.silences(Incidents.of(URGENT, "cart"))).isFalse();
    clock.set(end);
    assertThat(silences.silences(URGENT)).isFalse();
  }

  @Test
  void silences_thatFail_silenceNothing() throws Exception {
    Silences broken =
        incident -> {
          throw new IllegalStateException("broken on purpose");
        };
    try (Notifier notifier = notifier(settings(), memory, broken)) {
      notifier.incidentChanged(IncidentChange.OPENED, URGENT);
      assertThat(told(peer.next())).isEqualTo("opened:aa");
    }
  }

  @Test
  void store_lostForAWhile_nothingIsLost() throws Exception {
    memory.setUnavailable(true);
    try (Notifier notifier = notifier(settings(), memory, Silences.NONE)) {
      notifier.incidentChanged(IncidentChange.OPENED, URGENT);
      notifier.incidentChanged(IncidentChange.CLOSED, Incidents.closed(URGENT));
      memory.setUnavailable(false);
      assertThat(told(peer.next())).isEqualTo("opened:aa");
      assertThat(told(peer.next())).isEqualTo("resolved:aa");
    }
  }

  @Test
  void noChannels_nothingHappens() {
    try (Notifier notifier = notifier(NotifySettings.of(List.of()), memory, Silences.NONE)) {
      notifier.incidentChanged(IncidentChange.OPENED, URGENT);
    }
    assertThat(memory.states()).isEmpty();
  }

  @Test
  void restart_onRealPostgres_deliversWhatWasQueued() throws Exception {
    try (Database database =
        new Database(DatabaseSettings.embedded(folder.resolve("data")), "db/migration")) {
      database.start();
      NotificationStore store = new PostgresNotificationStore(database);
      peer.answer(Answer.of(503).with("Retry-After", "3600"));
      try (Notifier notifier = notifier(settings(), store, Silences.NONE)) {
        notifier.incidentChanged(IncidentChange.OPENED, URGENT);
        peer.next();
      }
    }
    try (Database database =
        new Database(DatabaseSettings.embedded(folder.resolve("data")), "db/migration")) {
      database.start();
      NotificationStore store = new PostgresNotificationStore(database);
      // An hour later, as the receiver asked.
      InstantSource later = () -> InstantSource.system().instant().plus(Duration.ofMinutes(61));
      try (Notifier notifier =
          new Notifier(
              settings(),
              store,
              Silences.NONE,
              telemetry.metrics("io.krystaline.sink.again"),
              MAPPER,
              later,
              new Random(2))) {
        notifier.start();
        Request again = peer.next();
        assertThat(told(again)).isEqualTo("opened:aa");
        assertThat(again.headers())
            .containsEntry("Idempotency-Key", "00000000000000aa-0-opened-hook");
        // The same state once more, as after a restart, is no news; its end is.
        notifier.incidentChanged(IncidentChange.UPDATED, URGENT);
        notifier.incidentChanged(IncidentChange.CLOSED, Incidents.closed(URGENT));
        assertThat(told(peer.next())).isEqualTo("resolved:aa");
      }
      assertThat(store.pending("hook")).isZero();
    }
  }
}
