package io.krystaline.engine.incident;

import java.util.List;
import java.util.Map;

/**
 * Says of which use case an incident is: that of the first rule that fits, in the rules' order, or
 * {@link UseCase#OTHER}. The rules are data that somebody else has read; this only compares.
 * Immutable. One classification is a few hundred comparisons and searches at most: meant for
 * incidents, not for spans.
 */
public final class UseCaseRules {
  /** Everything is {@link UseCase#OTHER}. */
  public static final UseCaseRules NONE = new UseCaseRules(List.of());

  private final List<UseCaseRule> rules;

  /** The rules, the first that fits deciding. */
  public UseCaseRules(List<UseCaseRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** The use case of an incident with these facts. */
  public UseCase classify(IncidentFacts facts) {
    for (UseCaseRule rule : rules) {
      if (rule.fits(facts)) {
        return rule.useCase();
      }
    }
    return UseCase.OTHER;
  }

  /** The incident with its use case from what it says itself, without a look at its traces. */
  public Incident classify(Incident incident) {
    return incident.withUseCase(classify(IncidentFacts.of(incident, Map.of(), false)));
  }

  /** The rules in their order. */
  public List<UseCaseRule> rules() {
    return rules;
  }
}
