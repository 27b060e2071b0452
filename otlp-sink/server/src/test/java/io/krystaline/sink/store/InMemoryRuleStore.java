package io.krystaline.sink.store;

import io.krystaline.sink.store.DetectionRule.State;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The in-memory twin of {@link PostgresRuleStore}, held by the same contract. */
public final class InMemoryRuleStore implements RuleStore {
  private final TreeMap<Long, DetectionRule> rows = new TreeMap<>(Comparator.reverseOrder());
  private long lastId;

  @Override
  public synchronized Optional<DetectionRule> propose(DetectionRule draft) {
    if (rows.size() >= RULES_MAX) {
      return Optional.empty();
    }
    DetectionRule kept = with(draft, ++lastId, State.PROPOSED, null, null, draft.effect());
    rows.put(kept.id(), kept);
    return Optional.of(kept);
  }

  @Override
  public synchronized List<DetectionRule> accepted() {
    return rows.descendingMap().values().stream()
        .filter(rule -> rule.state() == State.ACCEPTED)
        .toList();
  }

  @Override
  public synchronized List<DetectionRule> latest(int limit) {
    return rows.values().stream().limit(limit).toList();
  }

  @Override
  public synchronized Optional<DetectionRule> byId(long id) {
    return Optional.ofNullable(rows.get(id));
  }

  @Override
  public synchronized void setEffect(long id, String effect) {
    rows.computeIfPresent(
        id, (key, rule) -> with(rule, key, rule.state(), rule.decided(), rule.decidedBy(), effect));
  }

  @Override
  public synchronized Optional<DetectionRule> decide(long id, State state, Instant now, String by) {
    if (state == State.PROPOSED) {
      throw new IllegalArgumentException("a decision accepts or reverts");
    }
    DetectionRule rule = rows.get(id);
    if (rule == null || rule.state() == state) {
      return Optional.empty();
    }
    DetectionRule decided = with(rule, id, state, now, by, rule.effect());
    rows.put(id, decided);
    return Optional.of(decided);
  }

  @Override
  public synchronized long deleteIdleBefore(Instant time) {
    int before = rows.size();
    rows.values()
        .removeIf(
            rule -> {
              Instant decided = rule.decided();
              return rule.state() != State.ACCEPTED
                  && (decided == null ? rule.proposed() : decided).isBefore(time);
            });
    return (long) before - rows.size();
  }

  private static DetectionRule with(
      DetectionRule rule,
      long id,
      State state,
      @Nullable Instant decided,
      @Nullable String decidedBy,
      @Nullable String effect) {
    return new DetectionRule(
        id,
        rule.incidentId(),
        rule.service(),
        rule.channel(),
        rule.operation(),
        rule.multiplier(),
        state,
        rule.reason(),
        rule.proposedBy(),
        rule.proposed(),
        decided,
        decidedBy,
        effect);
  }
}
