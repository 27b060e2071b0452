package io.krystaline.engine.detect;

import io.krystaline.engine.assemble.OperationIndex;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between a detector and whoever makes incidents of its alarms, and keeps back those that a
 * rule quiets. An alarm that becomes stronger than its rule allows is told from then on, as one
 * that was raised in that tick; one that was told stays told while it lasts, unless the rules
 * change. What is kept back is still evidence when suspects are ranked, and still does not teach
 * the detector.
 *
 * <p>Used by the detecting thread, but for {@link #rules} and {@link #quieted}, which any thread
 * may call.
 */
public final class AlarmFilter implements AlarmVisitor {
  private final OperationIndex operations;
  private final AlarmVisitor next;
  private final AtomicLong quieted = new AtomicLong();
  private volatile AlarmRules rules = AlarmRules.NONE;

  // Of the detecting thread.
  private AlarmRules applied = AlarmRules.NONE;
  private Set<Key> silent = new HashSet<>();

  private record Key(int service, Channel channel) {
    static Key of(StreamAlarm alarm) {
      return new Key(alarm.service(), alarm.channel());
    }
  }

  /** A filter without rules. */
  public AlarmFilter(OperationIndex operations, AlarmVisitor next) {
    this.operations = operations;
    this.next = next;
  }

  /** Puts other rules in force, from the next tick on. */
  public void rules(AlarmRules inForce) {
    rules = inForce;
  }

  /** Alarms that were kept back, each counted once. */
  public long quieted() {
    return quieted.get();
  }

  @Override
  public void onTick(
      long tick, List<StreamAlarm> raised, List<StreamAlarm> active, TickEvidence evidence) {
    AlarmRules now = rules;
    boolean changed = now != applied;
    applied = now;
    if (now.isEmpty() && silent.isEmpty()) {
      next.onTick(tick, raised, active, evidence);
      return;
    }
    Set<Key> fresh = new HashSet<>();
    raised.forEach(alarm -> fresh.add(Key.of(alarm)));
    Set<Key> stillSilent = new HashSet<>();
    List<StreamAlarm> toldRaised = new ArrayList<>();
    List<StreamAlarm> toldActive = new ArrayList<>();
    for (StreamAlarm alarm : active) {
      Key key = Key.of(alarm);
      boolean isFresh = fresh.contains(key);
      boolean wasSilent = !isFresh && silent.contains(key);
      boolean asked = isFresh || wasSilent || changed;
      if (asked && now.quiet(operations.serviceName(alarm.service()), alarm)) {
        stillSilent.add(key);
        quieted.addAndGet(wasSilent ? 0 : 1);
        continue;
      }
      toldActive.add(alarm);
      if (isFresh) {
        toldRaised.add(alarm);
      } else if (wasSilent) {
        toldRaised.add(alarm.raisedAt(tick));
      }
    }
    silent = stillSilent;
    next.onTick(tick, toldRaised, toldActive, evidence);
  }
}
