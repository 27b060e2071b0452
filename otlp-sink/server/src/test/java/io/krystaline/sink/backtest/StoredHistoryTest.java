package io.krystaline.sink.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.detect.AlarmRule;
import io.krystaline.engine.detect.AlarmRules;
import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.incident.Evidence;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.score.Severity;
import io.krystaline.sink.SettableClock;
import io.krystaline.sink.incident.Incidents;
import io.krystaline.sink.store.InMemoryIncidentStores;
import io.krystaline.sink.store.IncidentFilter;
import io.krystaline.sink.store.IncidentStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoredHistoryTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  /** Evidence of 31.5 nats at a threshold of 12.25, of payment's self time. */
  private static final Incident KEPT = Incidents.closed(Incidents.open("1"), 60);

  private static Comparison look(double current, double changed, AlarmRule... rules) {
    return new StoredHistory(current, changed, new AlarmRules(List.of(rules)))
        .compare(List.of(KEPT));
  }

  private static AlarmRule rule(String service, @Nullable Double multiplier) {
    return new AlarmRule(service, Channel.SELF_TIME, null, multiplier);
  }

  @Test
  void compare_tenthOfTheBudget_raisesTheThresholdByLnTen() {
    assertThat(look(1, 0.1).both()).hasSize(1);
    // 31.5 nats fire up to a threshold of 31.5, which is 19.25 more: ln 1 / changed
    assertThat(look(1, Math.exp(-19.24)).both()).hasSize(1);
    assertThat(look(1, Math.exp(-19.26)).onlyCurrent()).containsExactly(KEPT);
  }

  @Test
  void compare_moreBudget_changesNothing() {
    assertThat(look(1, 100).both()).hasSize(1);
    assertThat(look(1, 100).onlyChanged()).isEmpty();
  }

  @Test
  void compare_rules_quietWhatTheyWouldHave() {
    assertThat(look(1, 1, rule("payment", null)).onlyCurrent()).containsExactly(KEPT);
    assertThat(look(1, 1, rule("payment", 2.6)).onlyCurrent()).containsExactly(KEPT);
    assertThat(look(1, 1, rule("payment", 2.5)).both()).hasSize(1);
    assertThat(look(1, 1, rule("cart", null)).both()).hasSize(1);
    AlarmRule ofAnOperation = new AlarmRule("payment", Channel.SELF_TIME, "charge", null);
    assertThat(look(1, 1, ofAnOperation).both()).hasSize(1);
  }

  @Test
  void compare_oneOfTwoStreamsLeft_isWeaker() {
    Evidence errors =
        new Evidence("payment", Channel.ERRORS, 1, 10, 5, 0.01, 20, 12.25, "5 of 10 fail");
    Incident two = KEPT.withEvidence(List.of(KEPT.evidence().getFirst(), errors));

    Comparison comparison =
        new StoredHistory(1, 1, new AlarmRules(List.of(rule("payment", null))))
            .compare(List.of(two));

    assertThat(comparison.both()).hasSize(1);
    assertThat(comparison.both().getFirst().changed().evidence()).containsExactly(errors);
  }

  @Test
  void read_severalPages_areTheOldestFirst() {
    SettableClock clock = new SettableClock(NOON);
    IncidentStore store = InMemoryIncidentStores.create(clock).incidents();
    int count = IncidentStore.PAGE_LIMIT_MAX + 5;
    for (int i = 0; i < count; i++) {
      store.save(
          Incidents.of(
              "%016x".formatted(i), Severity.LOW, "pay", NOON.plus(Duration.ofMinutes(i))));
    }

    List<Incident> read = StoredHistory.read(store, IncidentFilter.ALL);

    assertThat(read).hasSize(count);
    assertThat(read.getFirst().id()).isEqualTo("%016x".formatted(0));
    assertThat(StoredHistory.read(store, IncidentFilter.ALL.service("x"))).isEmpty();
  }
}
