package io.krystaline.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.score.Severity;
import io.krystaline.sink.incident.Incidents;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link SilenceStore} does. */
abstract class SilenceStoreContract {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  abstract SilenceStore store();

  private static Silence draft(
      @Nullable String service, @Nullable String operation, @Nullable Severity severity) {
    return new Silence(
        0, service, operation, severity, NOW, NOW.plusSeconds(60), "ada", "deploying", null, null);
  }

  @Test
  void create_everyField_comesBack() {
    SilenceStore store = store();
    Silence all = store.create(draft("s", "o", Severity.MODERATE)).orElseThrow();
    Silence none = store.create(draft(null, null, null)).orElseThrow();
    assertThat(store.byId(all.id())).contains(all);
    assertThat(all.service()).isEqualTo("s");
    assertThat(all.operation()).isEqualTo("o");
    assertThat(all.maxSeverity()).isEqualTo(Severity.MODERATE);
    assertThat(all.until()).isEqualTo(NOW.plusSeconds(60));
    assertThat(all.createdBy()).isEqualTo("ada");
    assertThat(all.comment()).isEqualTo("deploying");
    assertThat(none.service()).isNull();
    assertThat(none.maxSeverity()).isNull();
    assertThat(store.active(NOW)).containsExactly(none, all);
    assertThat(store.latest(1)).containsExactly(none);
    assertThat(store.byId(-1)).isEmpty();
  }

  @Test
  void active_whenItsTimeIsOver_hasItNoMore() {
    SilenceStore store = store();
    Silence silence = store.create(draft("s", null, null)).orElseThrow();
    assertThat(store.active(NOW.plusSeconds(59))).containsExactly(silence);
    assertThat(store.active(NOW.plusSeconds(60))).isEmpty();
    assertThat(store.end(silence.id(), NOW.plusSeconds(60), "bob")).isEmpty();
    assertThat(store.latest(10)).containsExactly(silence);
  }

  @Test
  void end_active_endsItOnce() {
    SilenceStore store = store();
    Silence silence = store.create(draft("s", null, null)).orElseThrow();
    Silence ended = store.end(silence.id(), NOW.plusSeconds(1), "bob").orElseThrow();
    assertThat(ended.ended()).isEqualTo(NOW.plusSeconds(1));
    assertThat(ended.endedBy()).isEqualTo("bob");
    assertThat(store.active(NOW.plusSeconds(2))).isEmpty();
    assertThat(store.end(silence.id(), NOW.plusSeconds(2), "bob")).isEmpty();
    assertThat(store.end(-1, NOW, "bob")).isEmpty();
  }

  @Test
  void deleteEndedBefore_leavesTheOthers() {
    SilenceStore store = store();
    Silence ended = store.create(draft("a", null, null)).orElseThrow();
    store.end(ended.id(), NOW.plusSeconds(1), "bob");
    store.create(draft("b", null, null));
    assertThat(store.deleteEndedBefore(NOW)).isZero();
    assertThat(store.deleteEndedBefore(NOW.plusSeconds(2))).isEqualTo(1);
    assertThat(store.latest(10)).extracting(Silence::service).containsExactly("b");
    assertThat(store.deleteEndedBefore(NOW.plusSeconds(61))).isEqualTo(1);
  }

  @Test
  void create_tooMany_isRefused() {
    SilenceStore store = store();
    for (int i = 0; i < SilenceStore.ACTIVE_MAX; i++) {
      assertThat(store.create(draft("s" + i, null, null))).isPresent();
    }
    assertThat(store.create(draft("more", null, null))).isEmpty();
  }

  @Test
  void covers_goesByTheBlamedServiceAndTheSeverity() {
    Incident incident = Incidents.open("1"); // SEV2, blames payment's charge, touches cart
    assertThat(draft(null, null, null).covers(incident)).isTrue();
    assertThat(draft("payment", null, null).covers(incident)).isTrue();
    assertThat(draft("cart", null, null).covers(incident)).isFalse();
    assertThat(draft("payment", "charge", null).covers(incident)).isTrue();
    assertThat(draft("payment", "refund", null).covers(incident)).isFalse();
    assertThat(draft(null, null, Severity.MAJOR).covers(incident)).isTrue();
    assertThat(draft(null, null, Severity.CRITICAL).covers(incident)).isTrue();
    assertThat(draft(null, null, Severity.MODERATE).covers(incident)).isFalse();
  }

  @Test
  void silence_thatEndsBeforeItBegins_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Silence(0, null, null, null, NOW, NOW, "a", "", null, null));
  }
}
