package io.krystaline.sink.store;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lies between the stored state of an incident and a new one. States are ordered by the time
 * they were made; of one moment, by how often it was reopened, then open before closed. A state
 * that is not later than the stored one changes nothing, so that any number of repetitions in any
 * order ends in the latest state.
 *
 * @param changes in the order in which they happened; empty where nothing changes
 * @param lines what to write into the log
 */
record IncidentStep(List<IncidentChange> changes, List<Line> lines) {
  private static final Comparator<Incident> ORDER =
      Comparator.comparingLong(Incident::updatedNanos)
          .thenComparingInt(Incident::reopened)
          .thenComparing(incident -> !incident.isOpen());
  private static final IncidentStep NOTHING = new IncidentStep(List.of(), List.of());

  /** An entry of the log. */
  record Line(IncidentEntry.Action action, long eventNanos, String text) {}

  static IncidentStep between(@Nullable Incident before, Incident now) {
    if (before != null && ORDER.compare(now, before) <= 0) {
      return NOTHING;
    }
    List<IncidentChange> changes = new ArrayList<>();
    List<Line> lines = new ArrayList<>();
    if (before == null) {
      changes.add(IncidentChange.OPENED);
      lines.add(
          new Line(
              IncidentEntry.Action.OPENED,
              now.detectedNanos(),
              severity(now) + ": " + now.title()));
    } else if (now.reopened() > before.reopened() || (!before.isOpen() && now.isOpen())) {
      changes.add(IncidentChange.REOPENED);
      lines.add(new Line(IncidentEntry.Action.REOPENED, now.updatedNanos(), severity(now)));
    } else if (before.severity() != now.severity()) {
      lines.add(
          new Line(
              IncidentEntry.Action.UPDATED,
              now.updatedNanos(),
              severity(before) + " to " + severity(now)));
    }
    if (!now.isOpen() && (before == null || before.isOpen() || !changes.isEmpty())) {
      changes.add(IncidentChange.CLOSED);
      lines.add(new Line(IncidentEntry.Action.CLOSED, now.endNanos(), severity(now)));
    }
    if (changes.isEmpty()) {
      changes.add(IncidentChange.UPDATED);
    }
    return new IncidentStep(List.copyOf(changes), List.copyOf(lines));
  }

  private static String severity(Incident incident) {
    return "SEV" + incident.severity().level();
  }
}
