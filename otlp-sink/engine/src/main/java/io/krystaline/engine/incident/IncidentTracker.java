package io.krystaline.engine.incident;

import io.krystaline.engine.assemble.OperationIndex;
import io.krystaline.engine.detect.AlarmVisitor;
import io.krystaline.engine.detect.StreamAlarm;
import io.krystaline.engine.detect.TickEvidence;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Merges alarms into incidents: one fault is one incident. An alarm joins an incident that holds
 * its service or was opened a short while ago; else it opens one. An incident is closed by its own
 * streams only, and opened again when its service alarms soon after. Owned by one thread.
 */
public final class IncidentTracker implements AlarmVisitor {
  private final OperationIndex operations;
  private final IncidentListener listener;
  private final IncidentDescriber describer;
  private final long tickNanos;
  private final int attachTicks;
  private final int reopenTicks;
  private final int rankTicks;
  private final int updateTicks;
  private final Deque<TickEvidence> evidence = new ArrayDeque<>();
  private final List<OpenIncident> incidents = new ArrayList<>();

  /**
   * A tracker of no incident.
   *
   * @param tick the width of the assembler's ticks
   */
  public IncidentTracker(
      IncidentSettings settings,
      Duration tick,
      OperationIndex operations,
      IncidentListener listener) {
    this.operations = operations;
    this.listener = listener;
    this.tickNanos = tick.toNanos();
    this.attachTicks = ticks(settings.attachWithin());
    this.reopenTicks = ticks(settings.reopenWithin());
    this.rankTicks = ticks(settings.rankFor());
    this.updateTicks = Math.max(1, ticks(settings.updateEvery()));
    this.describer = new IncidentDescriber(operations, tickNanos, settings.suspectsMax());
  }

  private int ticks(Duration duration) {
    return Math.toIntExact(duration.toNanos() / tickNanos);
  }

  @Override
  public void onTick(
      long tick, List<StreamAlarm> raised, List<StreamAlarm> active, TickEvidence tickEvidence) {
    evidence.addLast(tickEvidence);
    while (evidence.getFirst().tick() < tick - 2L * rankTicks) {
      evidence.removeFirst();
    }
    Set<Integer> alarmed = new HashSet<>();
    active.forEach(alarm -> alarmed.add(alarm.service()));
    for (StreamAlarm alarm : active) {
      incidents.forEach(incident -> incident.refresh(alarm));
    }
    for (OpenIncident incident : incidents) {
      if (isActive(incident, active)) {
        incident.lastActiveTick = tick;
      }
    }
    incidents.removeIf(incident -> incident.closed && tick - incident.lastActiveTick > reopenTicks);
    List<OpenIncident> changed = new ArrayList<>();
    for (StreamAlarm alarm : raised) {
      place(alarm, tick, changed);
    }
    for (OpenIncident incident : List.copyOf(incidents)) {
      follow(incident, tick, changed.contains(incident), isActive(incident, active));
    }
  }

  /** The incidents that are open, as they were last shown. */
  public List<Incident> open() {
    List<Incident> open = new ArrayList<>();
    for (OpenIncident incident : incidents) {
      if (!incident.closed && incident.shown != null) {
        open.add(incident.shown);
      }
    }
    return open;
  }

  private static boolean isActive(OpenIncident incident, List<StreamAlarm> active) {
    for (StreamAlarm alarm : active) {
      if (incident.alarms.containsKey(OpenIncident.StreamKey.of(alarm))) {
        return true;
      }
    }
    return false;
  }

  private void place(StreamAlarm alarm, long tick, List<OpenIncident> changed) {
    OpenIncident found = home(alarm, tick);
    if (found == null) {
      found =
          new OpenIncident(IncidentIds.of(operations.serviceName(alarm.service()), alarm), alarm);
      incidents.add(found);
    }
    found.join(alarm);
    found.lastActiveTick = tick;
    changed.add(found);
  }

  /**
   * The incident that an alarm belongs to: the one that holds its stream, so that no stream is in
   * two; else the latest that holds its service or was opened a short while ago.
   */
  private @Nullable OpenIncident home(StreamAlarm alarm, long tick) {
    OpenIncident found = null;
    for (OpenIncident incident : incidents) {
      if (incident.alarms.containsKey(OpenIncident.StreamKey.of(alarm))) {
        return incident;
      }
      boolean soon = !incident.closed && tick - incident.detectedTick <= attachTicks;
      if (soon || incident.services.contains(alarm.service())) {
        found = incident;
      }
    }
    return found;
  }

  private void follow(OpenIncident incident, long tick, boolean changed, boolean active) {
    if (!active && !changed) {
      if (!incident.closed) {
        incident.closed = true;
        show(incident, tick, IncidentChange.CLOSED);
      }
      return;
    }
    if (incident.closed) {
      incident.closed = false;
      incident.reopened++;
      show(incident, tick, IncidentChange.REOPENED);
      return;
    }
    boolean ranking = tick - incident.detectedTick <= rankTicks;
    if (ranking) {
      rank(incident, tick);
    }
    if (incident.shown == null) {
      show(incident, tick, IncidentChange.OPENED);
    } else if (changed || tick - incident.lastUpdateTick >= updateTicks) {
      show(incident, tick, IncidentChange.UPDATED);
    }
  }

  private void rank(OpenIncident incident, long tick) {
    SuspectRanking ranking = new SuspectRanking();
    for (TickEvidence one : evidence) {
      if (one.tick() >= incident.startTick - rankTicks && one.tick() <= tick) {
        ranking.add(one);
      }
    }
    incident.suspects = ranking.rank(operations::serviceName);
  }

  private void show(OpenIncident incident, long tick, IncidentChange change) {
    incident.lastUpdateTick = tick;
    incident.shown = describer.describe(incident, tick);
    listener.onIncident(change, incident.shown);
  }
}
