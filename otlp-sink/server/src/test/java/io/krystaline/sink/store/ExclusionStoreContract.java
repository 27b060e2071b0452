package io.krystaline.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link ExclusionStore} does. */
abstract class ExclusionStoreContract {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final OperationKey KEY = new OperationKey("s", "o", SpanKind.CLIENT);

  abstract ExclusionStore store();

  private static Exclusion draft(String incident, long from, long until) {
    return new Exclusion(0, incident, List.of("s"), List.of(KEY), from, until, "ada", NOW, "why");
  }

  @Test
  void create_everyField_comesBack() {
    ExclusionStore store = store();
    Exclusion kept = store.create(draft("ab", -3, 7)).orElseThrow();
    assertThat(store.since(6)).containsExactly(kept);
    assertThat(store.since(7)).isEmpty();
    assertThat(store.ofIncident("ab")).containsExactly(kept);
    assertThat(store.ofIncident("other")).isEmpty();
    assertThat(kept.services()).containsExactly("s");
    assertThat(kept.operations()).containsExactly(KEY);
    assertThat(kept.fromNanos()).isEqualTo(-3);
    assertThat(kept.by()).isEqualTo("ada");
    assertThat(kept.created()).isEqualTo(NOW);
    assertThat(kept.reason()).isEqualTo("why");
  }

  @Test
  void create_noServicesAndNoOperations_comesBack() {
    ExclusionStore store = store();
    store.create(new Exclusion(0, "ab", List.of(), List.of(), 0, 1, "ada", NOW, ""));
    assertThat(store.since(0)).hasSize(1);
    assertThat(store.since(0).getFirst().covers(KEY)).isFalse();
  }

  @Test
  void deleteUntil_leavesTheLater() {
    ExclusionStore store = store();
    store.create(draft("a", 0, 5));
    store.create(draft("b", 0, 6));
    assertThat(store.deleteUntil(4)).isZero();
    assertThat(store.deleteUntil(5)).isEqualTo(1);
    assertThat(store.since(0)).extracting(Exclusion::incidentId).containsExactly("b");
  }

  @Test
  void covers_operationsElseServices() {
    OperationKey other = new OperationKey("s", "other", SpanKind.CLIENT);
    assertThat(draft("a", 0, 1).covers(KEY)).isTrue();
    assertThat(draft("a", 0, 1).covers(other)).isFalse();
    Exclusion whole = new Exclusion(0, "a", List.of("s"), List.of(), 0, 1, "ada", NOW, "");
    assertThat(whole.covers(other)).isTrue();
    assertThat(whole.covers(new OperationKey("t", "o", SpanKind.CLIENT))).isFalse();
  }

  @Test
  void hours_ofAnInterval_areAllThatItTouches() {
    long hour = Duration.ofHours(1).toNanos();
    assertThat(draft("a", hour, 2 * hour).firstEpochHour()).isEqualTo(1);
    assertThat(draft("a", hour, 2 * hour).lastEpochHour()).isEqualTo(1);
    assertThat(draft("a", hour - 1, 2 * hour + 1).firstEpochHour()).isZero();
    assertThat(draft("a", hour - 1, 2 * hour + 1).lastEpochHour()).isEqualTo(2);
    assertThatIllegalArgumentException().isThrownBy(() -> draft("a", 5, 5));
  }
}
