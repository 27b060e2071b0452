package io.krystaline.sink.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.platform.telemetry.Telemetry;
import io.krystaline.platform.telemetry.TelemetrySettings;
import io.krystaline.sink.SettableClock;
import io.krystaline.sink.store.InMemoryNotificationStore;
import io.krystaline.sink.store.NotificationChange;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rounds of deliveries under a clock that the test sets. */
class ChannelWorkerTest {
  private static final ObjectMapper MAPPER = StrictJson.mapper();
  private static final Duration WAIT = Duration.ofSeconds(30);

  /** Keeps what it is given and answers as told; delivered by default. */
  private static final class RecordingCourier implements Courier {
    private final List<Message> messages = new ArrayList<>();
    private final List<List<Notice>> reminders = new ArrayList<>();
    private final Deque<Delivery> answers = new ArrayDeque<>();
    private boolean single;
    private boolean reminding;

    @Override
    public boolean takesSeveral() {
      return !single;
    }

    @Override
    public boolean needsReminders() {
      return reminding;
    }

    @Override
    public Delivery deliver(Message message) {
      messages.add(message);
      return answers.isEmpty() ? new Delivery.Delivered() : answers.removeFirst();
    }

    @Override
    public Delivery remind(List<Notice> standing) {
      reminders.add(standing);
      return new Delivery.Delivered();
    }

    List<String> told() {
      return messages.stream()
          .map(
              message ->
                  String.join(
                      " ",
                      message.notices().stream()
                          .map(notice -> notice.change() + ":" + notice.incident().id())
                          .toList()))
          .toList();
    }
  }

  private final SettableClock clock = new SettableClock(Incidents.START);
  private final InMemoryNotificationStore store = new InMemoryNotificationStore();
  private final RecordingCourier courier = new RecordingCourier();
  private final Telemetry telemetry = Telemetry.start(TelemetrySettings.local("test", "1"));
  private final NotificationCounters counters =
      new NotificationCounters(telemetry.metrics("io.krystaline.sink"));
  private final ChannelSettings channel =
      new ChannelSettings(
          "ops",
          new ChannelTarget.Alertmanager(
              URI.create("http://127.0.0.1:1"),
              Optional.empty(),
              Duration.ofMinutes(1),
              Optional.empty()),
          Severity.LOW,
          Priority.P2,
          6,
          2,
          3,
          Duration.ofSeconds(10));
  private final NotifySettings settings = NotifySettings.of(List.of(channel));
  private final AnnouncementPolicy policy = new AnnouncementPolicy(settings, MAPPER);
  private final ChannelWorker worker =
      new ChannelWorker(channel, settings, store, courier, counters, MAPPER, clock, new Random(7));

  @AfterEach
  void close() {
    telemetry.close();
  }

  private void queue(Incident incident) {
    store.queue(incident.id(), clock.instant(), 1_000, told -> policy.news(incident, false, told));
  }

  private void workAfter(Duration time) {
    clock.advance(time);
    worker.work();
  }

  private static Incident incident(int number, Priority priority) {
    return Incidents.open("%016x".formatted(number), priority);
  }

  private String page() {
    return new String(telemetry.page().render(null).body(), StandardCharsets.UTF_8);
  }

  @Test
  void work_urgent_goesAloneAtOnce() {
    queue(incident(1, Priority.P0));
    queue(incident(2, Priority.P0));
    worker.work();
    assertThat(courier.told())
        .containsExactly("OPENED:0000000000000001", "OPENED:0000000000000002");
    assertThat(courier.messages.getFirst().key()).isEqualTo("0000000000000001-0-opened-ops");
  }

  @Test
  void work_others_goTogetherAfterTheWait() {
    queue(incident(1, Priority.P1));
    clock.advance(Duration.ofSeconds(20));
    queue(incident(2, Priority.P2));
    queue(Incidents.of(incident(3, Priority.P2), "cart"));
    worker.work();
    assertThat(courier.messages).isEmpty();
    workAfter(Duration.ofSeconds(10));
    assertThat(courier.told()).containsExactly("OPENED:0000000000000001 OPENED:0000000000000002");
    workAfter(Duration.ofSeconds(20));
    assertThat(courier.told()).last().isEqualTo("OPENED:0000000000000003");
  }

  @Test
  void work_shortIncident_isToldByItsEnd() {
    Incident incident = incident(1, Priority.P1);
    queue(incident);
    queue(Incidents.closed(incident));
    workAfter(WAIT);
    assertThat(courier.told()).containsExactly("RESOLVED:0000000000000001");
    courier.single = true;
    Incident other = incident(2, Priority.P1);
    queue(other);
    queue(Incidents.closed(other));
    workAfter(WAIT);
    assertThat(courier.told()).endsWith("OPENED:0000000000000002", "RESOLVED:0000000000000002");
  }

  @Test
  void work_moreThanABatch_isSeveralMessages() {
    for (int i = 0; i < 25; i++) {
      queue(incident(i, Priority.P1));
    }
    workAfter(WAIT);
    assertThat(courier.messages)
        .extracting(message -> message.notices().size())
        .containsExactly(20, 5);
  }

  @Test
  void work_failure_isRetriedLaterWithTheSameKeyAndCompany() {
    courier.answers.add(Delivery.Failed.of("no answer"));
    queue(incident(1, Priority.P1));
    queue(incident(2, Priority.P1));
    workAfter(WAIT);
    queue(incident(3, Priority.P1));
    worker.work();
    assertThat(courier.messages).hasSize(1);
    workAfter(Duration.ofSeconds(1));
    assertThat(courier.messages).hasSize(2);
    assertThat(courier.messages.getFirst()).isEqualTo(courier.messages.getLast());
    assertThat(courier.messages.getFirst().key()).matches("batch-[0-9a-f]{32}");
    workAfter(WAIT);
    assertThat(courier.told()).last().isEqualTo("OPENED:0000000000000003");
  }

  @Test
  void work_retryAfter_pausesTheChannel() {
    courier.answers.add(
        new Delivery.Failed("too many requests", Optional.of(Duration.ofSeconds(100))));
    queue(incident(1, Priority.P0));
    worker.work();
    queue(incident(2, Priority.P0));
    workAfter(Duration.ofSeconds(99));
    assertThat(courier.messages).hasSize(1);
    workAfter(Duration.ofSeconds(1));
    assertThat(courier.told())
        .containsExactly(
            "OPENED:0000000000000001", "OPENED:0000000000000001", "OPENED:0000000000000002");
  }

  @Test
  void work_earlierOneFails_itsEndWaits() {
    courier.answers.add(Delivery.Failed.of("no answer"));
    Incident incident = incident(1, Priority.P0);
    queue(incident);
    queue(Incidents.closed(incident));
    worker.work();
    assertThat(courier.told()).containsExactly("OPENED:0000000000000001");
    workAfter(Duration.ofSeconds(1));
    assertThat(courier.told())
        .containsExactly(
            "OPENED:0000000000000001", "OPENED:0000000000000001", "RESOLVED:0000000000000001");
  }

  @Test
  void work_refused_isGivenUpWithItsEnd() {
    courier.answers.add(new Delivery.Refused("it answered 400"));
    Incident incident = incident(1, Priority.P0);
    queue(incident);
    queue(Incidents.closed(incident));
    worker.work();
    assertThat(store.states())
        .containsExactly(
            "DEAD OPENED it answered 400", "DEAD RESOLVED its incident was never told");
    workAfter(WAIT);
    assertThat(courier.told()).containsExactly("OPENED:0000000000000001");
    assertThat(page())
        .contains("krystaline_sink_notifications_total{channel=\"ops\",outcome=\"dead\"} 2");
  }

  @Test
  void work_failsTooOftenOrTooLong_isGivenUp() {
    queue(incident(1, Priority.P0));
    for (int i = 0; i < settings.attemptsMax(); i++) {
      courier.answers.add(Delivery.Failed.of("no answer"));
      workAfter(Duration.ofMinutes(5));
    }
    assertThat(courier.messages).hasSize(settings.attemptsMax());
    assertThat(store.states()).containsExactly("DEAD OPENED no answer");
    queue(incident(2, Priority.P0));
    workAfter(Duration.ofHours(24).plusSeconds(1));
    assertThat(courier.messages).hasSize(settings.attemptsMax());
    assertThat(store.states()).last().isEqualTo("DEAD OPENED older than PT24H");
  }

  @Test
  void work_rate_holdsBackAndCounts() {
    for (int i = 0; i < 5; i++) {
      queue(Incidents.of(incident(i, Priority.P1), "service-" + i));
    }
    workAfter(WAIT);
    // A burst of two, then six a minute.
    assertThat(courier.messages).hasSize(2);
    workAfter(Duration.ofSeconds(9));
    assertThat(courier.messages).hasSize(2);
    workAfter(Duration.ofSeconds(2));
    assertThat(courier.messages).hasSize(3);
    queue(incident(9, Priority.P0));
    worker.work();
    assertThat(courier.told()).last().isEqualTo("OPENED:0000000000000009");
    assertThat(page()).contains("channel=\"ops\",outcome=\"rate_limited\"");
  }

  @Test
  void work_manyUrgent_areCappedToo() {
    for (int i = 0; i < 10; i++) {
      queue(incident(i, Priority.P0));
    }
    worker.work();
    assertThat(courier.messages).hasSize(3);
    for (int i = 0; i < 7; i++) {
      workAfter(Duration.ofSeconds(21));
    }
    assertThat(courier.messages).hasSize(10);
  }

  @Test
  void work_worse_knowsWhatWasTold() {
    Incident incident = incident(1, Priority.P1);
    queue(incident);
    workAfter(WAIT);
    queue(Incidents.changed(incident, Severity.CRITICAL, Priority.P0));
    worker.work();
    Notice worsened = courier.messages.getLast().first();
    assertThat(worsened.change()).isEqualTo(NotificationChange.WORSENED);
    assertThat(Objects.requireNonNull(worsened.told()).severity()).isEqualTo(2);
    assertThat(worsened.incident().severity()).isEqualTo(1);
  }

  @Test
  void work_reminders_comeAtTheirInterval() {
    courier.reminding = true;
    Incident incident = incident(1, Priority.P0);
    queue(incident);
    worker.work();
    assertThat(courier.reminders).hasSize(1);
    workAfter(Duration.ofSeconds(59));
    assertThat(courier.reminders).hasSize(1);
    workAfter(Duration.ofSeconds(1));
    assertThat(courier.reminders).hasSize(2);
    queue(Incidents.closed(incident));
    worker.work();
    workAfter(Duration.ofSeconds(60));
    assertThat(courier.reminders).hasSize(2);
  }

  @Test
  void work_crashBeforeTheReport_deliversAgainWithTheSameKey() {
    Incident incident = incident(1, Priority.P0);
    queue(incident);
    store.claim("ops", 10, clock.instant(), Duration.ofMinutes(1));
    worker.work();
    assertThat(courier.messages).isEmpty();
    workAfter(Duration.ofMinutes(1));
    assertThat(courier.messages)
        .extracting(Message::key)
        .containsExactly("0000000000000001-0-opened-ops");
  }
}
