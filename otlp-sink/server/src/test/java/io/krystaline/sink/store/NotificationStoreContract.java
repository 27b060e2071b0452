package io.krystaline.sink.store;

import static io.krystaline.sink.store.NotificationChange.OPENED;
import static io.krystaline.sink.store.NotificationChange.REOPENED;
import static io.krystaline.sink.store.NotificationChange.RESOLVED;
import static io.krystaline.sink.store.NotificationChange.WORSENED;
import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.score.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link NotificationStore} does. */
abstract class NotificationStoreContract {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration WAIT = Duration.ofSeconds(30);
  private static final Duration LEASE = Duration.ofSeconds(60);

  abstract NotificationStore store();

  private final NotificationStore store = storeOf();

  private NotificationStore storeOf() {
    return store();
  }

  private static NewNotification notification(
      String incident, NotificationChange change, Priority priority, int reopened) {
    return new NewNotification(
        "ops",
        incident,
        change,
        incident + "-" + reopened + "-" + change + "-" + priority,
        Severity.MAJOR,
        priority,
        reopened,
        "shop",
        priority == Priority.P0 ? Duration.ZERO : WAIT,
        "{\"id\":\"" + incident + "\",\"change\":\"" + change + "\"}");
  }

  private NotificationStore.Queued queue(Instant now, NewNotification notification) {
    return store.queue(notification.incidentId(), now, 100, _ -> List.of(notification));
  }

  private List<ToldIncident> told(String incident) {
    List<ToldIncident> found = new ArrayList<>();
    store.queue(
        incident,
        NOW,
        100,
        told -> {
          found.clear();
          found.addAll(told);
          return List.of();
        });
    return found;
  }

  private List<QueuedNotification> claim(Instant now) {
    return store.claim("ops", 100, now, LEASE);
  }

  private static List<Long> ids(List<QueuedNotification> queued) {
    return queued.stream().map(QueuedNotification::id).toList();
  }

  @Test
  void claim_nothing_isEmpty() {
    assertThat(claim(NOW)).isEmpty();
    assertThat(told("a")).isEmpty();
    assertThat(store.standing("ops", 10)).isEmpty();
    assertThat(store.pending("ops")).isZero();
    assertThat(store.deleteFinishedBefore(NOW)).isZero();
    store.delivered(List.of(), NOW);
  }

  @Test
  void queue_urgent_isDueAtOnceAndGivenOnce() {
    assertThat(queue(NOW, notification("a", OPENED, Priority.P0, 0)))
        .isEqualTo(new NotificationStore.Queued(1, 0));
    List<QueuedNotification> claimed = claim(NOW);
    assertThat(claimed).hasSize(1);
    QueuedNotification one = claimed.getFirst();
    assertThat(one.change()).isEqualTo(OPENED);
    assertThat(one.priority()).isEqualTo(Priority.P0);
    assertThat(one.key()).isEqualTo("a-0-OPENED-P0");
    assertThat(one.groupKey()).isEqualTo("shop");
    assertThat(one.attempts()).isZero();
    assertThat(one.created()).isEqualTo(NOW);
    assertThat(one.document()).isEqualTo("{\"id\":\"a\",\"change\":\"OPENED\"}");
    assertThat(one.batch()).isNull();
    assertThat(one.delivered()).isNull();
    assertThat(claim(NOW)).isEmpty();
    assertThat(store.claim("other", 10, NOW, LEASE)).isEmpty();
  }

  @Test
  void claim_leaseRunsOut_isGivenAgain() {
    queue(NOW, notification("a", OPENED, Priority.P0, 0));
    claim(NOW);
    assertThat(claim(NOW.plusSeconds(59))).isEmpty();
    assertThat(claim(NOW.plusSeconds(60))).hasSize(1);
  }

  @Test
  void queue_group_isDueWithItsFirst() {
    queue(NOW, notification("a", OPENED, Priority.P1, 0));
    queue(NOW.plusSeconds(20), notification("b", OPENED, Priority.P2, 0));
    assertThat(claim(NOW.plusSeconds(29))).isEmpty();
    assertThat(claim(NOW.plusSeconds(30)))
        .extracting(QueuedNotification::incidentId)
        .containsExactly("a", "b");
  }

  @Test
  void claim_urgentComesFirst_withinTheLimit() {
    queue(NOW, notification("a", OPENED, Priority.P1, 0));
    queue(NOW, notification("b", OPENED, Priority.P0, 0));
    Instant later = NOW.plus(WAIT);
    assertThat(store.claim("ops", 1, later, LEASE))
        .extracting(QueuedNotification::incidentId)
        .containsExactly("b");
    assertThat(claim(later)).extracting(QueuedNotification::incidentId).containsExactly("a");
  }

  @Test
  void queue_sameKeyTwice_isKeptOnce() {
    queue(NOW, notification("a", OPENED, Priority.P0, 0));
    assertThat(queue(NOW, notification("a", OPENED, Priority.P0, 0)).added()).isZero();
    assertThat(store.pending("ops")).isEqualTo(1);
  }

  @Test
  void queue_tooMany_isRefusedAndNotTold() {
    queue(NOW, notification("a", OPENED, Priority.P0, 0));
    NotificationStore.Queued refused =
        store.queue("b", NOW, 1, _ -> List.of(notification("b", OPENED, Priority.P0, 0)));
    assertThat(refused).isEqualTo(new NotificationStore.Queued(0, 1));
    assertThat(told("b")).isEmpty();
  }

  @Test
  void queue_worseWhileItWaits_takesItsPlace() {
    queue(NOW, notification("a", OPENED, Priority.P1, 0));
    queue(NOW.plusSeconds(1), notification("a", WORSENED, Priority.P0, 0));
    List<QueuedNotification> claimed = claim(NOW.plusSeconds(1));
    assertThat(claimed).hasSize(1);
    assertThat(claimed.getFirst().change()).isEqualTo(OPENED);
    assertThat(claimed.getFirst().priority()).isEqualTo(Priority.P0);
    store.delivered(ids(claimed), NOW);
    assertThat(claim(NOW.plus(WAIT))).isEmpty();
  }

  @Test
  void queue_worseWhileItIsDelivered_comesAfter() {
    queue(NOW, notification("a", OPENED, Priority.P1, 0));
    Instant due = NOW.plus(WAIT);
    List<QueuedNotification> first = claim(due);
    queue(due, notification("a", WORSENED, Priority.P0, 0));
    assertThat(claim(due)).isEmpty();
    store.delivered(ids(first), due);
    List<QueuedNotification> second = claim(due);
    assertThat(second).extracting(QueuedNotification::change).containsExactly(WORSENED);
    assertThat(second.getFirst().delivered()).isEqualTo("{\"id\":\"a\",\"change\":\"OPENED\"}");
  }

  @Test
  void queue_endAndReopenWhileItWaits_keepTheirOrder() {
    queue(NOW, notification("a", OPENED, Priority.P1, 0));
    queue(NOW, notification("a", RESOLVED, Priority.P1, 0));
    queue(NOW, notification("a", REOPENED, Priority.P1, 1));
    assertThat(claim(NOW.plus(WAIT)))
        .extracting(QueuedNotification::change)
        .containsExactly(OPENED, RESOLVED, REOPENED);
  }

  @Test
  void claim_earlierOneFailed_laterOneOfTheIncidentWaits() {
    queue(NOW, notification("a", OPENED, Priority.P0, 0));
    store.failed(ids(claim(NOW)), NOW.plusSeconds(10), "no answer");
    queue(NOW, notification("a", RESOLVED, Priority.P0, 0));
    assertThat(claim(NOW.plusSeconds(9))).isEmpty();
    List<QueuedNotification> both = claim(NOW.plusSeconds(10));
    assertThat(both).extracting(QueuedNotification::change).containsExactly(OPENED, RESOLVED);
    assertThat(both).extracting(QueuedNotification::attempts).containsExactly(1, 0);
  }

  @Test
  void postpone_isNoAttempt() {
    queue(NOW, notification("a", OPENED, Priority.P0, 0));
    List<QueuedNotification> claimed = claim(NOW);
    store.joinBatch(ids(claimed), "batch-1");
    store.postpone(ids(claimed), NOW.plusSeconds(5));
    assertThat(claim(NOW.plusSeconds(4))).isEmpty();
    QueuedNotification again = claim(NOW.plusSeconds(5)).getFirst();
    assertThat(again.attempts()).isZero();
    assertThat(again.batch()).isEqualTo("batch-1");
  }

  @Test
  void told_followsWhatIsQueuedAndReached() {
    queue(NOW, notification("a", OPENED, Priority.P1, 0));
    assertThat(told("a"))
        .containsExactly(new ToldIncident("ops", "a", Severity.MAJOR, Priority.P1, 0, false, true));
    List<QueuedNotification> claimed = claim(NOW.plus(WAIT));
    assertThat(store.giveUp(ids(claimed), NOW, "gone")).isEqualTo(1);
    assertThat(told("a").getFirst().reached()).isFalse();
    queue(NOW, notification("a", REOPENED, Priority.P1, 1));
    store.delivered(ids(claim(NOW.plus(WAIT))), NOW);
    assertThat(told("a").getFirst().reached()).isTrue();
    assertThat(told("a").getFirst().reopened()).isEqualTo(1);
    queue(NOW, notification("a", RESOLVED, Priority.P1, 1));
    assertThat(told("a").getFirst().resolved()).isTrue();
  }

  @Test
  void giveUp_ofWhatWasNeverTold_givesItsEndUp() {
    queue(NOW, notification("a", OPENED, Priority.P0, 0));
    List<QueuedNotification> opened = claim(NOW);
    queue(NOW, notification("a", RESOLVED, Priority.P0, 0));
    queue(NOW, notification("b", OPENED, Priority.P0, 0));
    assertThat(store.giveUp(ids(opened), NOW, "refused\0")).isEqualTo(2);
    assertThat(claim(NOW)).extracting(QueuedNotification::incidentId).containsExactly("b");
  }

  @Test
  void giveUp_ofALaterOne_leavesTheEnd() {
    queue(NOW, notification("a", OPENED, Priority.P0, 0));
    store.delivered(ids(claim(NOW)), NOW);
    queue(NOW, notification("a", WORSENED, Priority.P1, 0));
    List<QueuedNotification> worsened = claim(NOW.plus(WAIT));
    queue(NOW, notification("a", RESOLVED, Priority.P0, 0));
    assertThat(store.giveUp(ids(worsened), NOW, "refused")).isEqualTo(1);
    assertThat(claim(NOW)).extracting(QueuedNotification::change).containsExactly(RESOLVED);
  }

  @Test
  void standing_isWhatWasDeliveredAndHasNotEnded() {
    queue(NOW, notification("a", OPENED, Priority.P0, 0));
    assertThat(store.standing("ops", 10)).isEmpty();
    store.delivered(ids(claim(NOW)), NOW);
    queue(NOW.plusSeconds(1), notification("b", OPENED, Priority.P0, 0));
    store.delivered(ids(claim(NOW.plusSeconds(1))), NOW);
    assertThat(store.standing("ops", 10))
        .extracting(StandingIncident::incidentId)
        .containsExactly("a", "b");
    assertThat(store.standing("ops", 1).getFirst().document())
        .isEqualTo("{\"id\":\"a\",\"change\":\"OPENED\"}");
    queue(NOW, notification("a", RESOLVED, Priority.P0, 0));
    assertThat(store.standing("ops", 10)).hasSize(1);
    assertThat(store.standing("other", 10)).isEmpty();
  }

  @Test
  void delivered_severalOfOneIncident_keepsTheLatest() {
    queue(NOW, notification("a", OPENED, Priority.P1, 0));
    queue(NOW, notification("a", RESOLVED, Priority.P1, 0));
    queue(NOW, notification("a", REOPENED, Priority.P1, 1));
    store.delivered(ids(claim(NOW.plus(WAIT))), NOW);
    assertThat(store.standing("ops", 10).getFirst().document()).contains("REOPENED");
  }

  @Test
  void deleteFinishedBefore_leavesWhatIsPendingOrOpen() {
    queue(NOW, notification("a", OPENED, Priority.P0, 0));
    store.delivered(ids(claim(NOW)), NOW);
    queue(NOW, notification("b", OPENED, Priority.P0, 0));
    assertThat(store.deleteFinishedBefore(NOW)).isZero();
    assertThat(store.deleteFinishedBefore(NOW.plusSeconds(1))).isEqualTo(1);
    assertThat(store.pending("ops")).isEqualTo(1);
    assertThat(told("a")).hasSize(1);
    queue(NOW, notification("a", RESOLVED, Priority.P0, 0));
    store.deleteFinishedBefore(NOW.plusSeconds(1));
    assertThat(told("a")).isEmpty();
  }
}
