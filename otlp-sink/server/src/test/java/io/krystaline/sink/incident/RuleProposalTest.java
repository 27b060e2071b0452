package io.krystaline.sink.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.incident.Evidence;
import io.krystaline.engine.incident.Incident;
import io.krystaline.sink.store.DetectionRule;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleProposalTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private static Incident with(Evidence... evidence) {
    Incident open = Incidents.open("1");
    return new Incident(
        open.id(),
        open.severity(),
        open.priority(),
        open.useCase(),
        open.kind(),
        open.title(),
        open.startNanos(),
        open.onsetNanos(),
        open.detectedNanos(),
        open.updatedNanos(),
        open.endNanos(),
        open.reopened(),
        open.suspects(),
        open.services(),
        open.operations(),
        open.sampleTraces(),
        open.normalTraces(),
        List.of(evidence),
        open.contrasts(),
        open.errors());
  }

  private static Evidence evidence(String service, Channel channel, double nats, double threshold) {
    return new Evidence(service, channel, 1, 10, 5, 0.01, nats, threshold, "");
  }

  @Test
  void of_noEvidence_isNothing() {
    assertThat(RuleProposal.of(with(), "why", "ada", NOW)).isEmpty();
  }

  @Test
  void of_severalStreams_takesTheFirst() {
    DetectionRule rule =
        RuleProposal.of(
                with(evidence("a", Channel.ERRORS, 20, 10), evidence("b", Channel.SURGE, 90, 10)),
                "why",
                "ada",
                NOW)
            .orElseThrow();

    assertThat(rule.service()).isEqualTo("a");
    assertThat(rule.channel()).isEqualTo(Channel.ERRORS);
    assertThat(rule.multiplier()).isEqualTo(2.5);
    assertThat(rule.incidentId()).isEqualTo("1");
    assertThat(rule.state()).isEqualTo(DetectionRule.State.PROPOSED);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 10, 1.3",
    "31.5, 12.25, 3.3",
    "800, 10, 100",
    "801, 10, ",
    "Infinity, 10, ",
    "NaN, 10, ",
    "5, 0, ",
    "1, 10, "
  })
  void of_evidence_proposesWhatWouldHaveQuietedItElseMutes(
      double nats, double threshold, Double multiplier) {
    Evidence evidence = evidence("a", Channel.SELF_TIME, nats, threshold);

    DetectionRule rule = RuleProposal.of(with(evidence), "why", "ada", NOW).orElseThrow();

    assertThat(rule.multiplier()).isEqualTo(multiplier);
    assertThat(rule.quiets(evidence)).isTrue();
  }

  @Test
  void effect_tellsPreventedFromWeakened() {
    DetectionRule rule =
        RuleProposal.of(with(evidence("a", Channel.ERRORS, 20, 10)), "why", "ada", NOW)
            .orElseThrow();

    RuleEffect none = RuleEffect.of(rule, NOW, List.of());
    RuleEffect some =
        RuleEffect.of(
            rule,
            NOW,
            List.of(
                with(),
                with(evidence("a", Channel.ERRORS, 24.9, 10)),
                with(evidence("a", Channel.ERRORS, 25, 10)),
                with(
                    evidence("a", Channel.ERRORS, 20, 10), evidence("b", Channel.ERRORS, 20, 10))));

    assertThat(none).isEqualTo(new RuleEffect(NOW, 0, List.of(), 0, List.of(), 0));
    assertThat(some).isEqualTo(new RuleEffect(NOW, 4, List.of("1"), 1, List.of("1"), 1));
  }
}
