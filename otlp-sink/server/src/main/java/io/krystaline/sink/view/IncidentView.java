package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.krystaline.engine.incident.Contrast;
import io.krystaline.engine.incident.ErrorFingerprint;
import io.krystaline.engine.incident.Evidence;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.Suspect;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.TraceId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An incident as the API, the live stream, notifications and {@code incidents.json} show it. All
 * times are event times.
 *
 * @param id 16 hex digits, the same whenever the same spans are replayed
 * @param severity 1, the worst, to 5
 * @param priority {@code P0}, {@code P1} or {@code P2}
 * @param kind lower-case name of what it is about, for example {@code latency}
 * @param start start of the tick of the first alarm
 * @param onset estimate of when the fault began
 * @param detectedAt when it was opened
 * @param updatedAt when this state of it was made
 * @param end null while it is open, and then still written
 * @param reopened how often it was opened again
 * @param suspects the most likely first
 * @param sampleTraceIds traces that show it
 * @param normalTraceIds traces of the same operations that do not
 * @param attributes what its spans have in common and normal ones have not
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record IncidentView(
    String id,
    int severity,
    String priority,
    String useCase,
    String kind,
    String title,
    Instant start,
    Instant onset,
    Instant detectedAt,
    Instant updatedAt,
    @Nullable Instant end,
    int reopened,
    List<SuspectView> suspects,
    List<String> services,
    List<OperationView> operations,
    List<String> sampleTraceIds,
    List<String> normalTraceIds,
    List<EvidenceView> evidence,
    List<AttributeView> attributes,
    List<ErrorView> errors) {
  public IncidentView {
    suspects = List.copyOf(suspects);
    services = List.copyOf(services);
    operations = List.copyOf(operations);
    sampleTraceIds = List.copyOf(sampleTraceIds);
    normalTraceIds = List.copyOf(normalTraceIds);
    evidence = List.copyOf(evidence);
    attributes = List.copyOf(attributes);
    errors = List.copyOf(errors);
  }

  /**
   * Where it may come from; see {@link Suspect}.
   *
   * @param share the part of the evidence that it explains, 0 to 1
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record SuspectView(
      String service, @Nullable String operation, @Nullable String caller, double share) {
    static SuspectView of(Suspect suspect) {
      return new SuspectView(
          suspect.service(), suspect.operation(), suspect.caller(), suspect.share());
    }
  }

  /**
   * An affected operation.
   *
   * @param kind upper-case name of the spans' kind, for example {@code SERVER}
   */
  public record OperationView(String service, String operation, String kind) {
    static OperationView of(OperationKey key) {
      return new OperationView(key.service(), key.operation(), key.kind().name());
    }
  }

  /**
   * Why a stream is in alarm; see {@link Evidence}.
   *
   * @param channel lower-case name of what was measured, for example {@code self_time}
   * @param since first tick of the run that led to the alarm
   */
  public record EvidenceView(
      String service,
      String channel,
      Instant since,
      long spans,
      long exceeding,
      double level,
      double nats,
      double threshold,
      String text) {
    static EvidenceView of(Evidence evidence) {
      return new EvidenceView(
          evidence.service(),
          lower(evidence.channel()),
          EpochNanos.toInstant(evidence.sinceNanos()),
          evidence.spans(),
          evidence.exceeding(),
          evidence.level(),
          evidence.nats(),
          evidence.threshold(),
          evidence.text());
    }
  }

  /** An attribute value that tells anomalous spans from normal ones; see {@link Contrast}. */
  public record AttributeView(
      String attribute,
      String value,
      int anomalous,
      int anomalousOf,
      int normal,
      int normalOf,
      double pValue) {
    static AttributeView of(Contrast contrast) {
      return new AttributeView(
          contrast.attribute(),
          contrast.value(),
          contrast.anomalous(),
          contrast.anomalousOf(),
          contrast.normal(),
          contrast.normalOf(),
          contrast.pValue());
    }
  }

  /** One shape of error; see {@link ErrorFingerprint}. */
  public record ErrorView(
      String id, String service, String type, String message, int count, String stackTrace) {
    static ErrorView of(ErrorFingerprint error) {
      return new ErrorView(
          error.id(),
          error.service(),
          error.type(),
          error.message(),
          error.count(),
          error.stackTrace());
    }
  }

  /** The view of an incident. */
  public static IncidentView of(Incident incident) {
    return new IncidentView(
        incident.id(),
        incident.severity().level(),
        incident.priority().name(),
        incident.useCase(),
        lower(incident.kind()),
        incident.title(),
        EpochNanos.toInstant(incident.startNanos()),
        EpochNanos.toInstant(incident.onsetNanos()),
        EpochNanos.toInstant(incident.detectedNanos()),
        EpochNanos.toInstant(incident.updatedNanos()),
        incident.isOpen() ? null : EpochNanos.toInstant(incident.endNanos()),
        incident.reopened(),
        incident.suspects().stream().map(SuspectView::of).toList(),
        incident.services(),
        incident.operations().stream().map(OperationView::of).toList(),
        incident.sampleTraces().stream().map(TraceId::toString).toList(),
        incident.normalTraces().stream().map(TraceId::toString).toList(),
        incident.evidence().stream().map(EvidenceView::of).toList(),
        incident.contrasts().stream().map(AttributeView::of).toList(),
        incident.errors().stream().map(ErrorView::of).toList());
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
