package io.krystaline.sink.incident;

import io.krystaline.engine.decode.Attribute;
import io.krystaline.engine.decode.AttributeValue;
import io.krystaline.engine.decode.SpanDetail;
import io.krystaline.engine.decode.SpanDetails;
import io.krystaline.engine.decode.SpanEvent;
import io.krystaline.engine.incident.AttributeComparison;
import io.krystaline.engine.incident.Contrast;
import io.krystaline.engine.incident.ErrorFingerprint;
import io.krystaline.engine.incident.ErrorShapes;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentFacts;
import io.krystaline.engine.incident.Suspect;
import io.krystaline.engine.incident.UseCaseRules;
import io.krystaline.engine.span.StatusCode;
import io.krystaline.engine.span.TraceId;
import io.krystaline.sink.store.AnomalyStore;
import io.krystaline.sink.store.TraceSpan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the sample traces of an incident and adds what they tell: shapes of error, attributes that
 * set its spans apart, and from both its use case and priority. Reads the store; not for the
 * detecting thread.
 */
public final class IncidentEnricher {
  private static final int ERRORS_SHOWN = 5;
  private static final int VALUE_CHARACTERS_MAX = 200;
  private static final int ATTRIBUTE_VALUES_MAX = 20;
  private static final String EXCEPTION_TYPE = "exception.type";

  private final AnomalyStore traces;
  private final UseCaseRules rules;

  /** An enricher of traces in a store. */
  public IncidentEnricher(AnomalyStore traces, UseCaseRules rules) {
    this.traces = traces;
    this.rules = rules;
  }

  /** The incident with its use case from what it says itself, without looking at its traces. */
  public Incident classify(Incident incident) {
    return rules.classify(incident);
  }

  /**
   * The incident with all that its traces tell.
   *
   * @throws io.krystaline.platform.db.DatabaseUnavailableException if they can't be read now
   */
  public Incident enrich(Incident incident) {
    List<SpanDetail> anomalous = spans(incident.sampleTraces());
    List<SpanDetail> normal = spans(incident.normalTraces());
    List<SpanDetail> suspect = ofSuspect(incident, anomalous);
    List<Contrast> contrasts =
        AttributeComparison.compare(
            suspect.stream().map(IncidentEnricher::texts).toList(),
            ofSuspect(incident, normal).stream().map(IncidentEnricher::texts).toList());
    ErrorShapes shapes = new ErrorShapes();
    anomalous.forEach(span -> addError(span, shapes));
    List<ErrorFingerprint> errors = shapes.mostFrequent(ERRORS_SHOWN);
    Map<String, Set<String>> attributes = new HashMap<>();
    for (SpanDetail span : suspect) {
      texts(span).forEach((key, value) -> values(attributes, key).add(value));
    }
    attributes.values().removeIf(values -> values.size() > ATTRIBUTE_VALUES_MAX);
    boolean atEdge = !suspect.isEmpty() && suspect.stream().allMatch(IncidentEnricher::isRoot);
    Incident told = incident.withFindings(contrasts, errors);
    return told.withUseCase(rules.classify(IncidentFacts.of(told, attributes, atEdge)));
  }

  private static Set<String> values(Map<String, Set<String>> attributes, String key) {
    return attributes.computeIfAbsent(key, absent -> new HashSet<>());
  }

  private static boolean isRoot(SpanDetail span) {
    return span.parentSpanId().value() == 0;
  }

  private List<SpanDetail> spans(List<TraceId> ids) {
    List<SpanDetail> spans = new ArrayList<>();
    for (TraceId id : ids) {
      traces.trace(id).ifPresent(trace -> trace.spans().forEach(span -> read(span, spans)));
    }
    return spans;
  }

  private static void read(TraceSpan span, List<SpanDetail> into) {
    Optional<SpanDetail> detail = SpanDetails.read(span.span());
    detail.ifPresent(into::add);
  }

  /** The spans of the first suspect: of its operation if it names one, else of its service. */
  private static List<SpanDetail> ofSuspect(Incident incident, List<SpanDetail> spans) {
    if (incident.suspects().isEmpty()) {
      return spans;
    }
    Suspect first = incident.suspects().get(0);
    String operation = first.operation();
    return spans.stream()
        .filter(span -> span.service().equals(first.service()))
        .filter(span -> operation == null || span.name().equals(operation))
        .toList();
  }

  private static Map<String, String> texts(SpanDetail span) {
    Map<String, String> texts = new HashMap<>();
    for (Attribute attribute : span.resourceAttributes()) {
      texts.put(attribute.key(), text(attribute.value()));
    }
    for (Attribute attribute : span.attributes()) {
      texts.put(attribute.key(), text(attribute.value()));
    }
    for (SpanEvent event : span.events()) {
      for (Attribute attribute : event.attributes()) {
        if (attribute.key().equals(EXCEPTION_TYPE)) {
          texts.put(attribute.key(), text(attribute.value()));
        }
      }
    }
    return texts;
  }

  private static void addError(SpanDetail span, ErrorShapes shapes) {
    if (span.status() != StatusCode.ERROR) {
      return;
    }
    for (SpanEvent event : span.events()) {
      if (event.name().equals("exception")) {
        Map<String, String> told = new HashMap<>();
        event.attributes().forEach(one -> told.put(one.key(), wholeText(one.value())));
        shapes.add(
            span.service(),
            told.getOrDefault(EXCEPTION_TYPE, ""),
            told.getOrDefault("exception.message", span.statusMessage()),
            told.getOrDefault("exception.stacktrace", ""));
        return;
      }
    }
    shapes.add(span.service(), "", span.statusMessage(), "");
  }

  private static String text(AttributeValue value) {
    String text = wholeText(value);
    return text.length() > VALUE_CHARACTERS_MAX ? text.substring(0, VALUE_CHARACTERS_MAX) : text;
  }

  private static String wholeText(AttributeValue value) {
    return switch (value) {
      case AttributeValue.Text text -> text.value();
      case AttributeValue.Bool bool -> Boolean.toString(bool.value());
      case AttributeValue.Whole whole -> Long.toString(whole.value());
      case AttributeValue.Real real -> Double.toString(real.value());
      case AttributeValue.Sequence sequence ->
          sequence.values().stream()
              .map(IncidentEnricher::wholeText)
              .collect(Collectors.joining(", ", "[", "]"));
      case AttributeValue.Empty empty -> "";
      case AttributeValue.Binary binary -> binary.length() + " bytes";
      case AttributeValue.Structure structure -> structure.entries().size() + " entries";
      case AttributeValue.Omitted omitted -> "…";
    };
  }
}
