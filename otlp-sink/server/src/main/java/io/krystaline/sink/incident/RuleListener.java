package io.krystaline.sink.incident;

import io.krystaline.sink.store.DetectionRule;
import java.util.List;

/** Is told which corrections the detector has to follow. */
@FunctionalInterface
public interface RuleListener {
  /** Called with all rules in force whenever one was accepted or reverted; may block. */
  void onRules(List<DetectionRule> accepted);
}
