package io.krystaline.sink.incident;

import io.krystaline.engine.incident.Incident;
import io.krystaline.sink.store.DetectionRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a rule would have changed: the evidence that is kept with incidents, looked at again under
 * the rule. An incident is prevented where all of its evidence would not have alarmed, weakened
 * where some of it would not.
 *
 * @param since the earliest event time that was looked at
 * @param incidents how many were looked at
 * @param prevented ids, the newest first, {@value #IDS_MAX} at most
 * @param preventedCount how many there are
 * @param weakened ids, the newest first, {@value #IDS_MAX} at most
 * @param weakenedCount how many there are
 */
public record RuleEffect(
    Instant since,
    int incidents,
    List<String> prevented,
    int preventedCount,
    List<String> weakened,
    int weakenedCount) {
  private static final int IDS_MAX = 100;

  public RuleEffect {
    prevented = List.copyOf(prevented);
    weakened = List.copyOf(weakened);
  }

  /** The effect of a rule on these incidents. */
  public static RuleEffect of(DetectionRule rule, Instant since, List<Incident> incidents) {
    List<String> prevented = new ArrayList<>();
    List<String> weakened = new ArrayList<>();
    for (Incident incident : incidents) {
      long quiet = incident.evidence().stream().filter(rule::quiets).count();
      if (quiet > 0) {
        (quiet == incident.evidence().size() ? prevented : weakened).add(incident.id());
      }
    }
    return new RuleEffect(
        since,
        incidents.size(),
        prevented.subList(0, Math.min(IDS_MAX, prevented.size())),
        prevented.size(),
        weakened.subList(0, Math.min(IDS_MAX, weakened.size())),
        weakened.size());
  }
}
