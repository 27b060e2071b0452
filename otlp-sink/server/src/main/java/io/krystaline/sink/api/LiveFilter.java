package io.krystaline.sink.api;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.score.Anomaly;
import io.krystaline.platform.http.QueryParameters;
import io.krystaline.sink.store.AnomalyFilter;
import io.krystaline.sink.store.IncidentFilter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a live stream asks for.
 *
 * @param types the types of messages that it wants, at least one
 */
record LiveFilter(Set<String> types, AnomalyFilter anomalies, IncidentFilter incidents) {
  static final String ANOMALY = "anomaly";
  static final String INCIDENT = "incident";
  private static final Set<String> TYPES = Set.of(ANOMALY, INCIDENT);

  LiveFilter {
    types = Set.copyOf(types);
  }

  /** The filter of a handshake's query. */
  static LiveFilter of(String query) {
    ApiParameters parameters =
        ApiParameters.of(QueryParameters.parse(query), "service", "minSeverity", "types");
    AnomalyFilter anomalies = parameters.filter();
    return new LiveFilter(
        parameters.read("types", "a list of anomaly, incident", LiveFilter::types).orElse(TYPES),
        anomalies,
        IncidentFilter.ALL.service(anomalies.service()).minSeverity(anomalies.minSeverity()));
  }

  private static Set<String> types(String list) {
    Set<String> types = new HashSet<>(List.of(list.split(",", -1)));
    if (!TYPES.containsAll(types)) {
      throw new IllegalArgumentException("no such type");
    }
    return types;
  }

  boolean matches(Anomaly anomaly) {
    return types.contains(ANOMALY) && anomalies.matches(anomaly);
  }

  boolean matches(Incident incident) {
    return types.contains(INCIDENT) && incidents.matches(incident);
  }
}
