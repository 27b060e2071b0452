package io.krystaline.sink.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps corrections of the detector. Every method may block on a database, and throws {@link
 * io.krystaline.platform.db.DatabaseUnavailableException} where it cannot be reached. Safe for use
 * by several threads and processes.
 */
public interface RuleStore {

  /** The most rules that are kept. */
  int RULES_MAX = 10_000;

  /**
   * Keeps a proposal.
   *
   * @param draft its id, state and decision are not looked at
   * @return as it is kept; empty where there are too many
   */
  Optional<DetectionRule> propose(DetectionRule draft);

  /** Those that are in force, the oldest first. */
  List<DetectionRule> accepted();

  /** The newest, in any state. */
  List<DetectionRule> latest(int limit);

  /** One rule. */
  Optional<DetectionRule> byId(long id);

  /** Keeps what was found about a rule's effect, as JSON. Does nothing where there is no rule. */
  void setEffect(long id, String effect);

  /**
   * Puts a rule in force, or takes one back.
   *
   * @param state accepted or reverted
   * @return as it is now; empty where there is no such rule, or where it is in that state already
   * @throws IllegalArgumentException if the state is proposed
   */
  Optional<DetectionRule> decide(long id, DetectionRule.State state, Instant now, String by);

  /**
   * Deletes proposals that nobody accepted, and reverted rules, of before a time.
   *
   * @return how many
   */
  long deleteIdleBefore(Instant time);
}
