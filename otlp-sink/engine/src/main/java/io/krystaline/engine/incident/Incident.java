package io.krystaline.engine.incident;

import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.TraceId;
import java.util.List;
import java.util.Objects;

/**
 * One fault as one incident: what is shown, stored and told. An immutable state of it; each change
 * gives a new one with the same id. All times are event times in nanoseconds since the Unix epoch.
 *
 * @param id 16 hex digits, the same whenever the same spans are replayed
 * @param startNanos start of the tick of the first alarm
 * @param onsetNanos first tick of the run that led to it: the estimate of when the fault began
 * @param detectedNanos when the incident was opened
 * @param updatedNanos when this state was made
 * @param endNanos when it was closed; 0 while it is open
 * @param reopened how often it was opened again
 * @param suspects where it may come from, the most likely first
 * @param services services of its streams, the first alarm's first
 * @param operations operations with the most evidence first
 * @param sampleTraces traces that show it
 * @param normalTraces traces of the same operations that do not
 */
public record Incident(
    String id,
    Severity severity,
    Priority priority,
    String useCase,
    IncidentKind kind,
    String title,
    long startNanos,
    long onsetNanos,
    long detectedNanos,
    long updatedNanos,
    long endNanos,
    int reopened,
    List<Suspect> suspects,
    List<String> services,
    List<OperationKey> operations,
    List<TraceId> sampleTraces,
    List<TraceId> normalTraces,
    List<Evidence> evidence,
    List<Contrast> contrasts,
    List<ErrorFingerprint> errors) {
  public Incident {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(priority, "priority");
    Objects.requireNonNull(useCase, "useCase");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(title, "title");
    suspects = List.copyOf(suspects);
    services = List.copyOf(services);
    operations = List.copyOf(operations);
    sampleTraces = List.copyOf(sampleTraces);
    normalTraces = List.copyOf(normalTraces);
    evidence = List.copyOf(evidence);
    contrasts = List.copyOf(contrasts);
    errors = List.copyOf(errors);
  }

  /** Whether it has not been closed. */
  public boolean isOpen() {
    return endNanos == 0;
  }

  /** The same incident, of this use case and its priority. */
  public Incident withUseCase(UseCase known) {
    return with(known.priority(), known.name(), endNanos, evidence, contrasts, errors);
  }

  /** The same incident, with what its traces tell. */
  public Incident withFindings(List<Contrast> found, List<ErrorFingerprint> failures) {
    return with(priority, useCase, endNanos, evidence, found, failures);
  }

  /** The same incident, with other evidence. */
  public Incident withEvidence(List<Evidence> other) {
    return with(priority, useCase, endNanos, other, contrasts, errors);
  }

  /** The state in which it ends where nothing watches it any more: with its last update. */
  public Incident abandoned() {
    return with(priority, useCase, Math.max(updatedNanos, 1), evidence, contrasts, errors);
  }

  private Incident with(
      Priority otherPriority,
      String otherUseCase,
      long otherEndNanos,
      List<Evidence> otherEvidence,
      List<Contrast> otherContrasts,
      List<ErrorFingerprint> otherErrors) {
    return new Incident(
        id,
        severity,
        otherPriority,
        otherUseCase,
        kind,
        title,
        startNanos,
        onsetNanos,
        detectedNanos,
        updatedNanos,
        otherEndNanos,
        reopened,
        suspects,
        services,
        operations,
        sampleTraces,
        normalTraces,
        otherEvidence,
        otherContrasts,
        otherErrors);
  }
}
