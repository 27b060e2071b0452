package io.krystaline.engine.incident;

import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.span.OperationKey;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What an incident's use case is decided from.
 *
 * @param kind what the incident is about
 * @param channels what is in alarm
 * @param services services of its streams
 * @param suspects where it may come from, the most likely first; may be empty
 * @param operations operations with the most evidence first; the first suspect's own operation
 *     should be among them, with its kind
 * @param errors the shapes of error, with their counts
 * @param contrasts what slow or failing spans have in common that normal ones have not
 * @param attributes attributes of the sampled anomalous spans of the first suspect: each key with
 *     the different values that were seen, such as {@code db.system.name} with {@code postgresql}
 * @param atEdge whether the sampled spans of the first suspect are roots of their traces, so that
 *     what calls it lies outside of what is observed
 */
public record IncidentFacts(
    IncidentKind kind,
    Set<Channel> channels,
    List<String> services,
    List<Suspect> suspects,
    List<OperationKey> operations,
    List<ErrorFingerprint> errors,
    List<Contrast> contrasts,
    Map<String, Set<String>> attributes,
    boolean atEdge) {
  public IncidentFacts {
    Objects.requireNonNull(kind, "kind");
    channels = Set.copyOf(channels);
    services = List.copyOf(services);
    suspects = List.copyOf(suspects);
    operations = List.copyOf(operations);
    errors = List.copyOf(errors);
    contrasts = List.copyOf(contrasts);
    Map<String, Set<String>> copy = new LinkedHashMap<>();
    attributes.forEach((key, values) -> copy.put(key, Set.copyOf(values)));
    attributes = Map.copyOf(copy);
  }

  /** The facts of an incident whose use case is not known yet; its own is not looked at. */
  public static IncidentFacts of(
      Incident incident, Map<String, Set<String>> attributes, boolean atEdge) {
    Set<Channel> channels = new LinkedHashSet<>();
    incident.evidence().forEach(evidence -> channels.add(evidence.channel()));
    return new IncidentFacts(
        incident.kind(),
        channels,
        incident.services(),
        incident.suspects(),
        incident.operations(),
        incident.errors(),
        incident.contrasts(),
        attributes,
        atEdge);
  }

  /**
   * The operations of the first suspect: the one it names, else all of its service, else, where
   * there is no suspect, all.
   */
  List<OperationKey> suspectOperations() {
    if (suspects.isEmpty()) {
      return operations;
    }
    Suspect first = suspects.get(0);
    String named = first.operation();
    return operations.stream()
        .filter(key -> key.service().equals(first.service()))
        .filter(key -> named == null || key.operation().equals(named))
        .toList();
  }
}
