package io.krystaline.engine.incident;

import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.detect.StreamAlarm;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An incident while it may change. Owned by the tracker. */
final class OpenIncident {
  final String id;
  final long startTick;
  final long detectedTick;
  long onsetTick;
  long lastActiveTick;
  long lastUpdateTick;
  int reopened;
  boolean closed;
  @Nullable Incident shown;

  /** Services of its streams; the first alarm's first. */
  final Set<Integer> services = new LinkedHashSet<>();

  /** Each stream when it was strongest; as it grows, that is the last look. */
  final Map<StreamKey, StreamAlarm> alarms = new LinkedHashMap<>();

  List<SuspectRanking.Ranked> suspects = List.of();

  /** A stream by what it measures. */
  record StreamKey(int service, Channel channel) {
    static StreamKey of(StreamAlarm alarm) {
      return new StreamKey(alarm.service(), alarm.channel());
    }
  }

  OpenIncident(String id, StreamAlarm first) {
    this.id = id;
    this.startTick = first.tick();
    this.detectedTick = first.tick();
    this.onsetTick = first.onsetTick();
    this.lastActiveTick = first.tick();
  }

  /** Takes in an alarm; whether its stream is new to the incident. */
  boolean join(StreamAlarm alarm) {
    services.add(alarm.service());
    onsetTick = Math.min(onsetTick, alarm.onsetTick());
    boolean isNew = !alarms.containsKey(StreamKey.of(alarm));
    alarms.merge(StreamKey.of(alarm), alarm, OpenIncident::stronger);
    return isNew;
  }

  /** Looks again at a stream that it holds. */
  void refresh(StreamAlarm alarm) {
    alarms.computeIfPresent(StreamKey.of(alarm), (key, before) -> stronger(before, alarm));
  }

  private static StreamAlarm stronger(StreamAlarm before, StreamAlarm now) {
    return now.nats() < before.nats() ? before : now;
  }
}
