package io.krystaline.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.incident.Evidence;
import io.krystaline.sink.store.DetectionRule.State;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link RuleStore} does. */
abstract class RuleStoreContract {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  abstract RuleStore store();

  static DetectionRule draft(String service, @Nullable Double multiplier) {
    return new DetectionRule(
        0,
        "ab",
        service,
        Channel.SELF_TIME,
        null,
        multiplier,
        State.PROPOSED,
        "a nightly job",
        "ada",
        NOW,
        null,
        null,
        null);
  }

  @Test
  void propose_everyField_comesBack() {
    RuleStore store = store();
    DetectionRule scaled = store.propose(draft("s", 2.5)).orElseThrow();
    DetectionRule muted = store.propose(draft("t", null)).orElseThrow();
    assertThat(store.byId(scaled.id())).contains(scaled);
    assertThat(scaled.multiplier()).isEqualTo(2.5);
    assertThat(scaled.channel()).isEqualTo(Channel.SELF_TIME);
    assertThat(scaled.proposed()).isEqualTo(NOW);
    assertThat(scaled.reason()).isEqualTo("a nightly job");
    assertThat(muted.multiplier()).isNull();
    assertThat(muted.state()).isEqualTo(State.PROPOSED);
    assertThat(store.latest(10)).containsExactly(muted, scaled);
    assertThat(store.latest(1)).containsExactly(muted);
    assertThat(store.accepted()).isEmpty();
    assertThat(store.byId(-1)).isEmpty();
  }

  @Test
  void decide_acceptAndRevert_goBothWaysOnce() {
    RuleStore store = store();
    long id = store.propose(draft("s", 2.0)).orElseThrow().id();
    DetectionRule accepted = store.decide(id, State.ACCEPTED, NOW, "bob").orElseThrow();
    assertThat(accepted.decidedBy()).isEqualTo("bob");
    assertThat(accepted.decided()).isEqualTo(NOW);
    assertThat(store.accepted()).containsExactly(accepted);
    assertThat(store.decide(id, State.ACCEPTED, NOW, "bob")).isEmpty();
    assertThat(store.decide(id, State.REVERTED, NOW, "eve")).isPresent();
    assertThat(store.accepted()).isEmpty();
    assertThat(store.decide(id, State.ACCEPTED, NOW, "bob")).isPresent();
    assertThat(store.decide(-1, State.ACCEPTED, NOW, "bob")).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.decide(id, State.PROPOSED, NOW, "bob"));
  }

  @Test
  void setEffect_known_isKept() {
    RuleStore store = store();
    long id = store.propose(draft("s", 2.0)).orElseThrow().id();
    store.setEffect(id, "{\"incidents\":3}");
    store.setEffect(-1, "{}");
    assertThat(store.byId(id).orElseThrow().effect()).isEqualTo("{\"incidents\":3}");
  }

  @Test
  void deleteIdleBefore_leavesThoseInForce() {
    RuleStore store = store();
    long accepted = store.propose(draft("a", 2.0)).orElseThrow().id();
    store.decide(accepted, State.ACCEPTED, NOW, "bob");
    store.propose(draft("b", 2.0));
    long reverted = store.propose(draft("c", 2.0)).orElseThrow().id();
    store.decide(reverted, State.REVERTED, NOW.plusSeconds(10), "bob");
    assertThat(store.deleteIdleBefore(NOW)).isZero();
    assertThat(store.deleteIdleBefore(NOW.plusSeconds(5))).isEqualTo(1);
    assertThat(store.deleteIdleBefore(NOW.plusSeconds(11))).isEqualTo(1);
    assertThat(store.latest(10)).extracting(DetectionRule::id).containsExactly(accepted);
  }

  @Test
  void quiets_itsStreamBelowTheRaisedThreshold_only() {
    Evidence evidence = new Evidence("s", Channel.SELF_TIME, 0, 10, 5, 0.01, 19.9, 10, "");
    assertThat(draft("s", 2.0).quiets(evidence)).isTrue();
    assertThat(draft("s", 1.99).quiets(evidence)).isFalse();
    assertThat(draft("s", null).quiets(evidence)).isTrue();
    assertThat(draft("t", null).quiets(evidence)).isFalse();
    Evidence errors = new Evidence("s", Channel.ERRORS, 0, 10, 5, 0.01, 19.9, 10, "");
    assertThat(draft("s", null).quiets(errors)).isFalse();
  }

  @Test
  void rule_multiplierThatLowersTheThreshold_isRefused() {
    for (double wrong : new double[] {1, 0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException().isThrownBy(() -> draft("s", wrong));
    }
  }
}
