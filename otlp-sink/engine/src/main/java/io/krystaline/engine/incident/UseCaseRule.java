package io.krystaline.engine.incident;

import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.incident.UseCaseCondition.AllOf;
import io.krystaline.engine.incident.UseCaseCondition.ServiceIs;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A pattern that tells one use case from an incident's evidence. Everything that it names must
 * hold; what is empty asks for nothing. A rule that asks for a service's name must ask for
 * something else too, as a name is no evidence.
 *
 * @param useCase what the incident then is
 * @param kinds it is of one of these kinds
 * @param channels one of these is in alarm
 * @param servicesMin so many services have streams in alarm, at least
 * @param all each of these holds
 * @param any at least one of these holds
 * @param none none of these holds
 */
public record UseCaseRule(
    UseCase useCase,
    Set<IncidentKind> kinds,
    Set<Channel> channels,
    int servicesMin,
    List<UseCaseCondition> all,
    List<UseCaseCondition> any,
    List<UseCaseCondition> none) {
  public UseCaseRule {
    Objects.requireNonNull(useCase, "useCase");
    kinds = Set.copyOf(kinds);
    channels = Set.copyOf(channels);
    all = List.copyOf(all);
    any = List.copyOf(any);
    none = List.copyOf(none);
    if (servicesMin < 0) {
      throw new IllegalArgumentException("a rule asks for " + servicesMin + " services");
    }
    boolean evident = all.stream().anyMatch(condition -> !isNameOnly(condition));
    boolean evidentAny = !any.isEmpty() && any.stream().noneMatch(UseCaseRule::isNameOnly);
    if (kinds.isEmpty() && channels.isEmpty() && servicesMin <= 1 && !evident && !evidentAny) {
      throw new IllegalArgumentException(
          "the rule of '%s' asks for no evidence: a name alone, or nothing, fits anything"
              .formatted(useCase.name()));
    }
  }

  /** Whether an incident with these facts is of this use case. */
  boolean fits(IncidentFacts facts) {
    return (kinds.isEmpty() || kinds.contains(facts.kind()))
        && (channels.isEmpty() || channels.stream().anyMatch(facts.channels()::contains))
        && facts.services().size() >= servicesMin
        && holding(all, facts).count() == all.size()
        && (any.isEmpty() || holding(any, facts).findAny().isPresent())
        && holding(none, facts).findAny().isEmpty();
  }

  private static Stream<UseCaseCondition> holding(
      Collection<UseCaseCondition> conditions, IncidentFacts facts) {
    return conditions.stream().filter(condition -> condition.holds(facts));
  }

  private static boolean isNameOnly(UseCaseCondition condition) {
    return condition instanceof ServiceIs
        || (condition instanceof AllOf both
            && both.conditions().stream().allMatch(UseCaseRule::isNameOnly));
  }
}
