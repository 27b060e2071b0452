package io.krystaline.sink.store;

import static io.krystaline.sink.incident.Incidents.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.krystaline.sink.SettableClock;
import io.krystaline.sink.store.DetectionRule.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class IncidentRetentionTest {
  private static final Instant NOON = Instant.parse("2026-11-18T12:00:00Z");
  private final SettableClock clock = new SettableClock(NOON);
  private final IncidentStores stores = InMemoryIncidentStores.create(clock);

  private IncidentRetention retention(int batchSize, int batchesMax) {
    return new IncidentRetention(
        stores,
        clock,
        new IncidentRetention.Settings(
            Duration.ofDays(10), Duration.ofDays(5), batchSize, batchesMax));
  }

  @Test
  void run_deletesWhatIsTooOldAndNoRuleInForce() {
    stores.incidents().save(open("1"));
    stores
        .silences()
        .create(new Silence(0, "s", null, null, NOON, NOON.plusSeconds(1), "ada", "", null, null));
    stores.rules().propose(RuleStoreContract.draft("idle", 2.0));
    long kept = stores.rules().propose(RuleStoreContract.draft("kept", 2.0)).orElseThrow().id();
    stores.rules().decide(kept, State.ACCEPTED, NOON, "ada");
    long nanos = NOON.getEpochSecond() * 1_000_000_000L;
    stores
        .exclusions()
        .create(new Exclusion(0, "1", List.of("s"), List.of(), nanos - 1, nanos, "ada", NOON, ""));

    assertThat(retention(10, 10).run()).isZero();
    clock.advance(Duration.ofDays(5));
    assertThat(retention(10, 10).run()).as("the exclusion").isEqualTo(1);
    clock.set(NOON.plus(Duration.ofDays(14))); // the rules were proposed at a later day
    assertThat(retention(10, 10).run()).as("incident, silence, rule").isEqualTo(3);
    assertThat(stores.rules().accepted()).hasSize(1);
  }

  @Test
  void run_moreThanItsBatches_leavesTheRest() {
    for (int i = 0; i < 7; i++) {
      stores.incidents().save(open("id-" + i));
    }
    clock.advance(Duration.ofDays(11));
    assertThat(retention(2, 3).run()).isEqualTo(6);
    assertThat(retention(2, 3).run()).isEqualTo(1);
  }

  @Test
  void settings_thatDeleteEverythingOrNothing_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IncidentRetention.Settings(Duration.ZERO, Duration.ofDays(1), 1, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new IncidentRetention.Settings(Duration.ofDays(1), Duration.ofDays(1), 0, 1));
  }
}
