package io.krystaline.sink.backtest;

import io.krystaline.engine.incident.Incident;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The incidents of two configurations over the same history, held against each other. An id says
 * when the first alarm came, so another threshold gives the same fault another id: two incidents
 * are the same where their ids are, or where they overlap in time and share a service. Where
 * several overlap, the one that does for longest counts; each incident is part of a pair, or only
 * of one side.
 *
 * @param both pairs, in the order of the current configuration's incidents
 */
public record Comparison(List<Pair> both, List<Incident> onlyCurrent, List<Incident> onlyChanged) {
  public Comparison {
    both = List.copyOf(both);
    onlyCurrent = List.copyOf(onlyCurrent);
    onlyChanged = List.copyOf(onlyChanged);
  }

  /** One fault under both configurations. */
  public record Pair(Incident current, Incident changed) {}

  /** Compares; both lists in the order in which their incidents were opened. */
  public static Comparison of(List<Incident> current, List<Incident> changed) {
    Map<Incident, List<Incident>> pairs = new LinkedHashMap<>();
    current.forEach(incident -> pairs.put(incident, new ArrayList<>()));
    List<Incident> onlyChanged = new ArrayList<>();
    for (Incident incident : changed) {
      Incident same = counterpart(incident, current);
      if (same == null) {
        onlyChanged.add(incident);
      } else {
        pairs.computeIfAbsent(same, absent -> new ArrayList<>()).add(incident);
      }
    }
    List<Pair> both = new ArrayList<>();
    List<Incident> onlyCurrent = new ArrayList<>();
    for (Map.Entry<Incident, List<Incident>> entry : pairs.entrySet()) {
      Incident incident = entry.getKey();
      Incident merged = entry.getValue().isEmpty() ? counterpart(incident, changed) : null;
      if (merged != null) {
        both.add(new Pair(incident, merged));
      } else if (entry.getValue().isEmpty()) {
        onlyCurrent.add(incident);
      }
      entry.getValue().forEach(one -> both.add(new Pair(incident, one)));
    }
    return new Comparison(both, onlyCurrent, onlyChanged);
  }

  private static @Nullable Incident counterpart(Incident incident, List<Incident> others) {
    Incident best = null;
    long longest = -1;
    for (Incident other : others) {
      if (other.id().equals(incident.id())) {
        return other;
      }
      long overlap =
          Math.min(end(incident), end(other)) - Math.max(incident.startNanos(), other.startNanos());
      if (overlap >= 0 && overlap > longest && shareService(incident, other)) {
        best = other;
        longest = overlap;
      }
    }
    return best;
  }

  private static long end(Incident incident) {
    return incident.isOpen() ? Long.MAX_VALUE : incident.endNanos();
  }

  private static boolean shareService(Incident one, Incident other) {
    Set<String> services = new HashSet<>(one.services());
    return !Collections.disjoint(services, other.services());
  }
}
