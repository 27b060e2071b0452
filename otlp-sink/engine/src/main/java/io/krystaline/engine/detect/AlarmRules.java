package io.krystaline.engine.detect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules in force, found by the stream that they are about. An alarm is quiet where any of them
 * says so. Immutable.
 */
public final class AlarmRules {
  /** No rule. */
  public static final AlarmRules NONE = new AlarmRules(List.of());

  private record StreamName(String service, Channel channel) {}

  private final Map<StreamName, List<AlarmRule>> byStream = new HashMap<>();

  /** These rules; their order does not matter. */
  public AlarmRules(Collection<AlarmRule> rules) {
    for (AlarmRule rule : rules) {
      byStream
          .computeIfAbsent(
              new StreamName(rule.service(), rule.channel()), absent -> new ArrayList<>(1))
          .add(rule);
    }
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return byStream.isEmpty();
  }

  /** Whether an alarm of this service is quiet. */
  boolean quiet(String service, StreamAlarm alarm) {
    for (AlarmRule rule : of(service, alarm.channel())) {
      if (rule.quiets(alarm)) {
        return true;
      }
    }
    return false;
  }

  /** The rules about a stream. */
  public List<AlarmRule> of(String service, Channel channel) {
    return byStream.getOrDefault(new StreamName(service, channel), List.of());
  }
}
