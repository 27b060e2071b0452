package io.krystaline.sink.incident;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentChange;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * States that wait to be committed, those of one incident in their order. An update gives way to
 * the next state, which holds all that it said, so that an incident waits with one state for each
 * time that it was opened or closed, and one more. Guarded by its owner.
 *
 * <p>When full, the last state of an incident that waits already still gives way to a newer one:
 * its transitions are lost then, its latest state is not. A state of an incident that does not wait
 * is refused.
 */
final class PendingStates {
  private final int statesMax;
  private final Map<String, Deque<State>> byIncident = new LinkedHashMap<>();
  private int size;
  private long lastNumber;

  /**
   * One that waits.
   *
   * @param number tells it from every other one
   */
  record State(long number, IncidentChange change, Incident incident) {}

  /** What became of a state. */
  enum Added {
    WAITS,
    /** It took the place of an update. */
    MERGED,
    /** It took the place of a state that should have been kept beside it. */
    SQUEEZED,
    REFUSED
  }

  PendingStates(int statesMax) {
    this.statesMax = statesMax;
  }

  Added add(IncidentChange change, Incident incident) {
    State state = new State(++lastNumber, change, incident);
    Deque<State> states = byIncident.get(incident.id());
    if (states != null && states.getLast().change == IncidentChange.UPDATED) {
      states.removeLast();
      states.addLast(state);
      return Added.MERGED;
    }
    if (size < statesMax) {
      byIncident.computeIfAbsent(incident.id(), id -> new ArrayDeque<>(2)).addLast(state);
      size++;
      return Added.WAITS;
    }
    if (states == null) {
      return Added.REFUSED;
    }
    states.removeLast();
    states.addLast(state);
    return Added.SQUEEZED;
  }

  /** The oldest state of the incident that waits longest; null where none waits. It stays. */
  @Nullable State peek() {
    return byIncident.isEmpty() ? null : byIncident.values().iterator().next().getFirst();
  }

  /** Removes a state that {@link #peek} gave, unless a newer one has taken its place. */
  void remove(State state) {
    Deque<State> states = byIncident.get(state.incident().id());
    if (states == null || states.getFirst().number() != state.number()) {
      return;
    }
    states.removeFirst();
    size--;
    if (states.isEmpty()) {
      byIncident.remove(state.incident().id());
    }
  }

  int size() {
    return size;
  }
}
