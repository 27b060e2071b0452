package io.krystaline.sink.store;

import static io.krystaline.engine.incident.IncidentChange.CLOSED;
import static io.krystaline.engine.incident.IncidentChange.OPENED;
import static io.krystaline.engine.incident.IncidentChange.REOPENED;
import static io.krystaline.engine.incident.IncidentChange.UPDATED;
import static io.krystaline.sink.incident.Incidents.START;
import static io.krystaline.sink.incident.Incidents.closed;
import static io.krystaline.sink.incident.Incidents.open;
import static io.krystaline.sink.incident.Incidents.reopened;
import static io.krystaline.sink.incident.Incidents.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.incident.Contrast;
import io.krystaline.engine.incident.Evidence;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentKind;
import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.sink.incident.Incidents;
import io.krystaline.sink.store.IncidentEntry.Action;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link IncidentStore} does. */
abstract class IncidentStoreContract {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final String ID = "00000000000000ab";

  private Instant now = NOW;

  abstract IncidentStore store(InstantSource clock);

  private IncidentStore store() {
    return store(() -> now);
  }

  private static List<Action> actions(IncidentStore store) {
    return store.entries(ID).stream().map(IncidentEntry::action).toList();
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }

  @Test
  void save_everyField_comesBack() {
    IncidentStore store = store();
    Incident incident = closed(open(ID), 90);
    assertThat(store.save(incident)).containsExactly(OPENED, CLOSED);
    assertThat(store.byId(ID)).contains(new StoredIncident(incident, null));
    assertThat(store.byId("none")).isEmpty();
    assertThat(store.byId("no\0ne")).isEmpty();
  }

  @Test
  void save_emptyListsOddTextsAndNaN_comeBack() {
    IncidentStore store = store();
    Incident odd =
        new Incident(
            ID,
            Severity.LOW,
            Priority.P2,
            "",
            IncidentKind.SILENCE,
            "a\0b\uD800 ü 🙂",
            -5,
            Long.MIN_VALUE,
            0,
            Long.MAX_VALUE,
            0,
            0,
            List.of(),
            List.of("a\0b", "x".repeat(5_000)),
            List.of(new OperationKey("s", "o\0", SpanKind.PRODUCER)),
            List.of(),
            List.of(),
            List.of(
                new Evidence("s", Channel.ERRORS, 1, 2, 3, Double.NaN, 1, Double.MIN_VALUE, "")),
            List.of(new Contrast("k", "v", 1, 2, 3, 4, Double.POSITIVE_INFINITY)),
            List.of());
    store.save(odd);
    assertThat(store.byId(ID).orElseThrow().incident()).isEqualTo(odd);
  }

  @Test
  void save_aLife_isLoggedInOrder() {
    IncidentStore store = store();
    Incident open = open(ID);
    assertThat(store.save(open)).containsExactly(OPENED);
    assertThat(store.save(updated(open, 1, Severity.MAJOR))).containsExactly(UPDATED);
    assertThat(store.save(updated(open, 2, Severity.CRITICAL))).containsExactly(UPDATED);
    Incident critical = updated(open, 2, Severity.CRITICAL);
    assertThat(store.save(closed(critical, 60))).containsExactly(CLOSED);
    assertThat(store.save(reopened(critical, 70))).containsExactly(REOPENED);
    assertThat(actions(store))
        .containsExactly(Action.OPENED, Action.UPDATED, Action.CLOSED, Action.REOPENED);
    List<IncidentEntry> entries = store.entries(ID);
    assertThat(entries.get(0).eventNanos()).isEqualTo(nanos(START.plusSeconds(5)));
    assertThat(entries.get(0).recorded()).isEqualTo(NOW);
    assertThat(entries.get(0).by()).isNull();
    assertThat(entries.get(0).text()).isEqualTo("SEV2: payment is slow");
    assertThat(entries.get(1).text()).isEqualTo("SEV2 to SEV1");
    assertThat(entries.get(2).eventNanos()).isEqualTo(nanos(START.plusSeconds(60)));
  }

  @Test
  void save_againOrOlder_changesNothing() {
    IncidentStore store = store();
    Incident open = open(ID);
    Incident closed = closed(open, 60);
    store.save(open);
    store.save(closed);
    assertThat(store.save(closed)).isEmpty();
    assertThat(store.save(open)).isEmpty();
    assertThat(store.save(updated(open, 59, Severity.CRITICAL))).isEmpty();
    assertThat(store.byId(ID).orElseThrow().incident()).isEqualTo(closed);
    assertThat(actions(store)).containsExactly(Action.OPENED, Action.CLOSED);
  }

  @Test
  void save_anyOrder_endsInTheLatestState() {
    List<Incident> states = new ArrayList<>();
    Incident open = open(ID);
    states.add(open);
    for (int tick = 1; tick < 10; tick++) {
      states.add(updated(open, tick, Severity.ofLevel(1 + tick % 5)));
    }
    states.add(closed(open, 9)); // of the same moment as the last update
    Random random = new Random(3);
    for (int i = 0; i < 5; i++) {
      IncidentStore store = store();
      store.deleteStoredBefore(now.plusSeconds(1), 10);
      java.util.Collections.shuffle(states, random);
      states.forEach(store::save);
      assertThat(store.byId(ID).orElseThrow().incident()).isEqualTo(closed(open, 9));
      assertThat(actions(store)).startsWith(Action.OPENED).contains(Action.CLOSED);
    }
  }

  @Test
  void save_closedAndReopenedUnseen_isReopened() {
    IncidentStore store = store();
    store.save(open(ID));
    assertThat(store.save(closed(reopened(open(ID), 80), 90))).containsExactly(REOPENED, CLOSED);
  }

  @Test
  void save_reopened_losesItsAcknowledgement() {
    IncidentStore store = store();
    store.save(open(ID));
    store.acknowledge(ID, "ada", "on it");
    store.save(closed(open(ID), 60));
    assertThat(store.byId(ID).orElseThrow().acknowledgement()).isNotNull();
    store.save(reopened(open(ID), 70));
    assertThat(store.byId(ID).orElseThrow().acknowledgement()).isNull();
    assertThat(actions(store)).contains(Action.ACKNOWLEDGED);
  }

  @Test
  void acknowledge_onceTwiceAndUnknown_answersEach() {
    IncidentStore store = store();
    store.save(open(ID));
    Acknowledgement expected = new Acknowledgement("ada", NOW, "on it");
    assertThat(store.acknowledge(ID, "ada", "on it"))
        .isEqualTo(new Acknowledging.Done(new StoredIncident(open(ID), expected)));
    now = NOW.plusSeconds(1);
    assertThat(store.acknowledge(ID, "bob", "me too"))
        .isEqualTo(new Acknowledging.AlreadyDone(expected));
    assertThat(store.acknowledge("none", "bob", "")).isEqualTo(new Acknowledging.Unknown());
    assertThat(store.find(IncidentFilter.ALL, 10, null).items().getFirst().acknowledgement())
        .isEqualTo(expected);
    IncidentEntry last = store.entries(ID).getLast();
    assertThat(last.action()).isEqualTo(Action.ACKNOWLEDGED);
    assertThat(last.by()).isEqualTo("ada");
    assertThat(last.text()).isEqualTo("on it");
    assertThat(last.eventNanos()).isNull();
  }

  @Test
  void note_untilTheLogIsFull_isWritten() {
    IncidentStore store = store();
    store.save(open(ID));
    assertThat(store.note("none", Action.COMMENTED, "ada", "hello")).isEqualTo(Noting.UNKNOWN);
    for (int i = 1; i < IncidentStore.ENTRIES_MAX; i++) {
      assertThat(store.note(ID, Action.COMMENTED, "ada", "line " + i)).isEqualTo(Noting.WRITTEN);
    }
    assertThat(store.note(ID, Action.COMMENTED, "ada", "more")).isEqualTo(Noting.FULL);
    store.save(closed(open(ID), 60));
    assertThat(store.byId(ID).orElseThrow().incident().isOpen()).isFalse();
    assertThat(store.entries(ID)).hasSize(IncidentStore.ENTRIES_MAX);
    assertThat(store.entries(ID).get(1).text()).isEqualTo("line 1");
    assertThat(store.entries("none")).isEmpty();
  }

  @Test
  void find_pages_giveEachOnceInOrder() {
    IncidentStore store = store();
    Random random = new Random(1);
    List<Incident> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Instant start = START.plusSeconds(random.nextInt(5));
      all.add(Incidents.of("id-" + i, Severity.MAJOR, "payment", start));
    }
    all.forEach(store::save);
    List<Incident> seen = new ArrayList<>();
    @Nullable IncidentCursor cursor = null;
    do {
      IncidentPage page = store.find(IncidentFilter.ALL, 7, cursor);
      page.items().forEach(stored -> seen.add(stored.incident()));
      cursor = page.nextCursor() == null ? null : IncidentCursor.decode(page.nextCursor().encode());
    } while (cursor != null);
    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(all)
        .isSortedAccordingTo(
            java.util.Comparator.comparingLong(Incident::startNanos)
                .thenComparing(Incident::id)
                .reversed());
    assertThat(store.find(IncidentFilter.ALL, 40, null).nextCursor()).isNull();
  }

  @Test
  void find_wrongLimit_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store().find(IncidentFilter.ALL, 0, null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store().find(IncidentFilter.ALL, IncidentStore.PAGE_LIMIT_MAX + 1, null));
  }

  @Test
  void find_filters_agreeWithTheFilterItself() {
    IncidentStore store = store();
    List<Incident> all = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Incident incident =
          Incidents.of(
              "id-" + i, Severity.ofLevel(1 + i % 5), "s" + i % 3, START.plusSeconds(i * 60L));
      all.add(i % 4 == 0 ? incident : closed(incident, 90));
    }
    all.forEach(store::save);
    long middle = all.get(30).startNanos();
    List<IncidentFilter> filters =
        List.of(
            IncidentFilter.ALL.state(IncidentFilter.State.OPEN),
            IncidentFilter.ALL.state(IncidentFilter.State.CLOSED),
            IncidentFilter.ALL.service("s1"),
            IncidentFilter.ALL.service("none"),
            IncidentFilter.ALL.operation("charge").service("s2"),
            IncidentFilter.ALL.operation("none"),
            IncidentFilter.ALL.minSeverity(Severity.MAJOR),
            IncidentFilter.ALL.priority(Priority.P0),
            IncidentFilter.ALL.between(middle, null),
            IncidentFilter.ALL.between(all.get(30).endNanos(), null),
            IncidentFilter.ALL.between(null, middle),
            IncidentFilter.ALL
                .state(IncidentFilter.State.CLOSED)
                .between(middle, middle + Duration.ofMinutes(9).toNanos())
                .minSeverity(Severity.MODERATE));
    for (IncidentFilter filter : filters) {
      assertThat(store.find(filter, 1_000, null).items())
          .as("%s", filter)
          .extracting(StoredIncident::incident)
          .containsExactlyInAnyOrderElementsOf(all.stream().filter(filter::matches).toList());
    }
  }

  @Test
  void closeAbandoned_closesWhatNobodyWatchesAnyMore() {
    IncidentStore store = store();
    store.save(updated(open(ID), 7, Severity.MAJOR));
    store.save(closed(open("closed"), 60));
    now = NOW.plusSeconds(60);
    store.save(open("fresh"));
    List<Incident> abandoned = store.closeAbandoned(now);
    assertThat(abandoned).extracting(Incident::id).containsExactly(ID);
    Incident ended = store.byId(ID).orElseThrow().incident();
    assertThat(ended.endNanos()).isEqualTo(ended.updatedNanos());
    assertThat(store.byId("fresh").orElseThrow().incident().isOpen()).isTrue();
    assertThat(store.closeAbandoned(now)).isEmpty();
    assertThat(actions(store)).containsExactly(Action.OPENED, Action.CLOSED);
  }

  @Test
  void deleteStoredBefore_goesByTheLastStateInBatches() {
    IncidentStore store = store();
    for (int i = 0; i < 3; i++) {
      store.save(closed(open("id-" + i), 60));
    }
    store.save(open(ID));
    now = NOW.plusSeconds(60);
    store.save(updated(open(ID), 1, Severity.MAJOR));
    assertThat(store.deleteStoredBefore(NOW, 10)).isZero();
    assertThat(store.deleteStoredBefore(now, 2)).isEqualTo(2);
    assertThat(store.deleteStoredBefore(now, 2)).isEqualTo(1);
    assertThat(store.deleteStoredBefore(now, 2)).isZero();
    assertThat(store.find(IncidentFilter.ALL, 10, null).items()).hasSize(1);
    assertThat(store.entries("id-0")).isEmpty();
  }
}
