package io.krystaline.engine.detect;

import java.util.List;

/** Is told of alarms, tick by tick. Called on the detecting thread. */
@FunctionalInterface
public interface AlarmVisitor {
  /**
   * A tick has been judged.
   *
   * @param raised streams that went into alarm with this tick
   * @param active all streams in alarm now, those raised among them
   * @param evidence the tick's raw evidence
   */
  void onTick(long tick, List<StreamAlarm> raised, List<StreamAlarm> active, TickEvidence evidence);
}
