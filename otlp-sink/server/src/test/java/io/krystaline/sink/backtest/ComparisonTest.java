package io.krystaline.sink.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.score.Severity;
import io.krystaline.sink.incident.Incidents;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private static Incident incident(String id, String service, int from, int until) {
    Incident open = Incidents.of(id, Severity.MAJOR, service, NOON.plusSeconds(from));
    return Incidents.closed(open, until - from);
  }

  private static Comparison.Pair pair(Incident current, Incident changed) {
    return new Comparison.Pair(current, changed);
  }

  @Test
  void of_nothing_isEmpty() {
    assertThat(Comparison.of(List.of(), List.of()))
        .isEqualTo(new Comparison(List.of(), List.of(), List.of()));
  }

  @Test
  void of_sameId_isAPair_evenWhereTimesDiffer() {
    Incident was = incident("1", "pay", 0, 10);
    Incident now = incident("1", "pay", 500, 510);

    assertThat(Comparison.of(List.of(was), List.of(now)).both()).containsExactly(pair(was, now));
  }

  @Test
  void of_overlapAndASharedService_isAPair() {
    Incident was = incident("1", "pay", 0, 100);
    Incident later = incident("2", "pay", 60, 200);

    assertThat(Comparison.of(List.of(was), List.of(later)).both())
        .containsExactly(pair(was, later));
  }

  @Test
  void of_noOverlap_isOneOnEachSide() {
    Incident was = incident("1", "pay", 0, 50);
    Incident later = incident("2", "pay", 60, 200);

    assertThat(Comparison.of(List.of(was), List.of(later)))
        .isEqualTo(new Comparison(List.of(), List.of(was), List.of(later)));
  }

  @Test
  void of_several_theLongestOverlapCounts() {
    Incident first = incident("1", "pay", 0, 50);
    Incident second = incident("2", "pay", 40, 200);
    Incident now = incident("3", "pay", 30, 190);

    Comparison comparison = Comparison.of(List.of(first, second), List.of(now));

    assertThat(comparison.both()).containsExactly(pair(first, now), pair(second, now));
    assertThat(comparison.onlyCurrent()).isEmpty();
    assertThat(comparison.onlyChanged()).isEmpty();
  }

  @Test
  void of_openIncident_overlapsAllThatFollows() {
    Incident open = Incidents.of("1", Severity.MAJOR, "pay", NOON);
    Incident now = incident("2", "pay", 5_000, 5_010);

    assertThat(Comparison.of(List.of(open), List.of(now)).both()).containsExactly(pair(open, now));
  }
}
