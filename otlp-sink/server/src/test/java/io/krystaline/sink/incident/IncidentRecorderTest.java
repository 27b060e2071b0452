package io.krystaline.sink.incident;

import static io.krystaline.engine.incident.IncidentChange.CLOSED;
import static io.krystaline.engine.incident.IncidentChange.OPENED;
import static io.krystaline.engine.incident.IncidentChange.REOPENED;
import static io.krystaline.engine.incident.IncidentChange.UPDATED;
import static io.krystaline.sink.incident.Incidents.closed;
import static io.krystaline.sink.incident.Incidents.open;
import static io.krystaline.sink.incident.Incidents.reopened;
import static io.krystaline.sink.incident.Incidents.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import io.krystaline.engine.score.Severity;
import io.krystaline.sink.store.InMemoryIncidentStore;
import io.krystaline.sink.store.IncidentFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IncidentRecorderTest {
  private final InMemoryIncidentStore store = new InMemoryIncidentStore(() -> Instant.EPOCH);
  private final List<IncidentChange> told = new CopyOnWriteArrayList<>();
  private IncidentRecorder recorder = recorder(100);

  private IncidentRecorder recorder(int pendingMax) {
    IncidentRecorder made =
        new IncidentRecorder(
            store,
            new IncidentRecorderSettings(pendingMax, Duration.ofMillis(1), Duration.ofMillis(500)));
    made.listen((change, incident) -> told.add(change));
    return made;
  }

  @AfterEach
  void close() {
    recorder.close();
  }

  private void awaitEmpty() throws InterruptedException {
    assertThat(recorder.awaitEmpty(20_000)).isTrue();
  }

  @Test
  void onIncident_started_storesThenTells() throws InterruptedException {
    recorder.listen(
        (change, incident) ->
            assertThat(store.byId(incident.id()).orElseThrow().incident()).isEqualTo(incident));
    recorder.start();
    recorder.onIncident(OPENED, open("1"));
    awaitEmpty();
    recorder.onIncident(CLOSED, closed(open("1"), 60));
    awaitEmpty();
    recorder.onIncident(REOPENED, reopened(open("1"), 70));
    awaitEmpty();

    assertThat(told).containsExactly(OPENED, CLOSED, REOPENED);
  }

  @Test
  void onIncident_sameStateAgain_isNotToldAgain() throws InterruptedException {
    recorder.start();
    recorder.onIncident(OPENED, open("1"));
    awaitEmpty();
    recorder.onIncident(OPENED, open("1"));
    awaitEmpty();

    assertThat(told).containsExactly(OPENED);
  }

  @Test
  void onIncident_databaseAway_waitsAndLosesNoTransition() throws InterruptedException {
    store.setUnavailable(true);
    recorder.start();
    Incident open = open("1");
    recorder.onIncident(OPENED, open);
    for (int tick = 1; tick < 50; tick++) {
      recorder.onIncident(UPDATED, updated(open, tick, Severity.CRITICAL));
    }
    recorder.onIncident(CLOSED, closed(open, 60));
    recorder.onIncident(REOPENED, reopened(open, 70));
    recorder.onIncident(UPDATED, updated(reopened(open, 70), 71, Severity.LOW));
    assertThat(recorder.pending()).isEqualTo(4);
    store.setUnavailable(false);
    awaitEmpty();

    assertThat(told).containsExactly(OPENED, CLOSED, REOPENED, UPDATED);
    assertThat(store.byId("1").orElseThrow().incident().severity()).isEqualTo(Severity.LOW);
    assertThat(recorder.lost()).isZero();
  }

  @Test
  void onIncident_tooManyWait_keepsTheLatestStateOfThoseThatWait() throws InterruptedException {
    recorder = recorder(2);
    recorder.onIncident(OPENED, open("1"));
    recorder.onIncident(OPENED, open("2"));
    recorder.onIncident(OPENED, open("3")); // refused
    recorder.onIncident(CLOSED, closed(open("1"), 60)); // squeezed
    recorder.start();
    awaitEmpty();

    assertThat(recorder.lost()).isEqualTo(2);
    assertThat(store.find(IncidentFilter.ALL, 10, null).items())
        .extracting(stored -> stored.incident().id())
        .containsExactlyInAnyOrder("1", "2");
    assertThat(store.byId("1").orElseThrow().incident().isOpen()).isFalse();
    recorder.onIncident(UPDATED, updated(open("3"), 1, Severity.MAJOR));
    awaitEmpty();
    assertThat(told).containsExactlyInAnyOrder(OPENED, OPENED, CLOSED, OPENED);
  }

  @Test
  void listener_thatFails_doesNotStopTheOthers() throws InterruptedException {
    IncidentRecorder failing = recorder(10);
    told.clear();
    recorder.close();
    recorder = failing;
    recorder.listen(
        (change, incident) -> {
          throw new IllegalStateException("broken");
        });
    recorder.start();
    recorder.onIncident(OPENED, open("1"));
    recorder.onIncident(OPENED, open("2"));
    awaitEmpty();

    assertThat(told).containsExactly(OPENED, OPENED);
  }

  @Test
  void close_withStatesWaiting_storesThem() {
    for (int i = 0; i < 50; i++) {
      recorder.onIncident(OPENED, open("id-" + i));
    }
    recorder.start();
    recorder.close();

    assertThat(told).hasSize(50);
    recorder.onIncident(OPENED, open("late"));
    assertThat(recorder.lost()).isEqualTo(1);
  }

  @Test
  void close_databaseAway_endsAndCountsWhatIsLost() {
    store.setUnavailable(true);
    recorder.start();
    recorder.onIncident(OPENED, open("1"));
    recorder.close();

    assertThat(recorder.lost()).isEqualTo(1);
  }

  @Test
  void start_twice_isRefused() {
    recorder.start();

    assertThatThrownBy(recorder::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void settings_withoutALimit_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new IncidentRecorderSettings(0, Duration.ofSeconds(1), Duration.ofSeconds(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IncidentRecorderSettings(1, Duration.ZERO, Duration.ofSeconds(1)));
  }
}
