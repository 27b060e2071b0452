package io.krystaline.sink.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What every {@link RecalculationStore} does. */
abstract class RecalculationStoreContract {
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  abstract RecalculationStore store();

  private static RecalculationRun started(RecalculationStore store, Instant time) {
    RecalculationStart start = store.start(RecalculationKind.FULL, time);
    assertThat(start).isInstanceOf(RecalculationStart.Started.class);
    return start.run();
  }

  @Test
  void start_none_runs() {
    RecalculationStore store = store();
    assertThat(store.latest(10)).isEmpty();
    RecalculationRun run = started(store, NOW);
    assertThat(run.state()).isEqualTo(RecalculationState.RUNNING);
    assertThat(run.started()).isEqualTo(NOW);
    assertThat(store.latest(10)).containsExactly(run);
    assertThat(store.lastSucceeded()).isEmpty();
  }

  @Test
  void start_whileOneRuns_isRefused() {
    RecalculationStore store = store();
    RecalculationRun run = started(store, NOW);
    assertThat(store.renew(run.id(), NOW.plusSeconds(25), 5)).isTrue();
    RecalculationStart second = store.start(RecalculationKind.INCREMENTAL, NOW.plusSeconds(50));
    assertThat(second).isInstanceOf(RecalculationStart.AlreadyRunning.class);
    assertThat(second.run().id()).isEqualTo(run.id());
    assertThat(second.run().operations()).isEqualTo(5);
  }

  @Test
  void start_afterACrash_failsTheOldRun() {
    RecalculationStore store = store();
    RecalculationRun dead = started(store, NOW);
    Instant later = NOW.plus(RecalculationStore.LEASE).plusSeconds(1);
    RecalculationRun next = started(store, later);
    assertThat(next.id()).isGreaterThan(dead.id());
    assertThat(store.latest(10).get(1).state()).isEqualTo(RecalculationState.FAILED);
    assertThat(store.latest(10).get(1).error()).isEqualTo(RecalculationStore.ABANDONED);
    assertThat(store.renew(dead.id(), later, 1)).isFalse();
  }

  @Test
  void succeed_endsTheRun() {
    RecalculationStore store = store();
    RecalculationRun run = started(store, NOW);
    store.succeed(run.id(), NOW.plusSeconds(2), 7);
    store.fail(run.id(), NOW.plusSeconds(3), "too late");
    RecalculationRun ended = store.lastSucceeded().orElseThrow();
    assertThat(ended.operations()).isEqualTo(7);
    assertThat(ended.finished()).isEqualTo(NOW.plusSeconds(2));
    assertThat(store.latest(1)).containsExactly(ended);
    started(store, NOW.plusSeconds(4));
  }

  @Test
  void fail_keepsTheReason() {
    RecalculationStore store = store();
    RecalculationRun run = started(store, NOW);
    store.renew(run.id(), NOW, 3);
    store.fail(run.id(), NOW.plusSeconds(2), "no\0good");
    RecalculationRun ended = store.latest(1).getFirst();
    assertThat(ended.state()).isEqualTo(RecalculationState.FAILED);
    assertThat(ended.error()).isEqualTo("no\uFFFDgood");
    assertThat(ended.operations()).isEqualTo(3);
    assertThat(store.lastSucceeded()).isEmpty();
  }

  @Test
  void failAbandoned_atStart_failsWhatWasLeft() {
    RecalculationStore store = store();
    started(store, NOW);
    assertThat(store.failAbandoned(NOW, NOW)).isZero();
    assertThat(store.failAbandoned(NOW.plusSeconds(1), NOW.plusSeconds(1))).isEqualTo(1);
    assertThat(store.failAbandoned(NOW.plusSeconds(1), NOW.plusSeconds(1))).isZero();
    started(store, NOW.plusSeconds(2));
  }

  @Test
  void deleteFinishedBefore_keepsTheLastThatSucceeded() {
    RecalculationStore store = store();
    for (int i = 0; i < 3; i++) {
      RecalculationRun run = started(store, NOW.plusSeconds(i));
      if (i < 2) {
        store.succeed(run.id(), NOW.plusSeconds(i), i);
      } else {
        store.fail(run.id(), NOW.plusSeconds(i), "no");
      }
    }
    assertThat(store.deleteFinishedBefore(NOW.plusSeconds(60))).isEqualTo(2);
    assertThat(store.latest(10)).containsExactly(store.lastSucceeded().orElseThrow());
  }
}
