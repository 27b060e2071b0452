package io.krystaline.engine.incident;

import io.krystaline.engine.assemble.OperationIndex;
import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.detect.StreamAlarm;
import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.TraceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts an incident into words and numbers. */
final class IncidentDescriber {
  private static final int SERVICES_WIDESPREAD = 4;
  private static final int TRACES_SHOWN = 10;
  private static final int OPERATIONS_SHOWN = 10;
  private static final double MOST = 0.5;
  private static final double MANY = 0.2;
  private static final double SOME = 0.05;

  private final OperationIndex operations;
  private final long tickNanos;
  private final int suspectsMax;

  IncidentDescriber(OperationIndex operations, long tickNanos, int suspectsMax) {
    this.operations = operations;
    this.tickNanos = tickNanos;
    this.suspectsMax = suspectsMax;
  }

  Incident describe(OpenIncident incident, long tick) {
    List<StreamAlarm> alarms = new ArrayList<>(incident.alarms.values());
    List<Suspect> suspects = suspects(incident, alarms);
    String first =
        suspects.isEmpty()
            ? operations.serviceName(alarms.get(0).service())
            : suspects.get(0).service();
    StreamAlarm leading = leading(alarms, first);
    IncidentKind kind = kind(leading.channel());
    Set<TraceId> unusual = new LinkedHashSet<>(leading.unusualTraces());
    Set<TraceId> normal = new LinkedHashSet<>(leading.normalTraces());
    alarms.forEach(alarm -> unusual.addAll(alarm.unusualTraces()));
    normal.removeAll(unusual);
    return new Incident(
        incident.id,
        severity(alarms),
        Priority.P2,
        "unclassified",
        kind,
        title(kind, first, leading, incident.services.size()),
        incident.startTick * tickNanos,
        incident.onsetTick * tickNanos,
        (incident.detectedTick + 1) * tickNanos,
        (tick + 1) * tickNanos,
        incident.closed ? (incident.lastActiveTick + 1) * tickNanos : 0,
        incident.reopened,
        suspects,
        incident.services.stream().map(operations::serviceName).toList(),
        operations(alarms, leading),
        unusual.stream().limit(TRACES_SHOWN).toList(),
        normal.stream().limit(TRACES_SHOWN).toList(),
        alarms.stream().map(this::evidence).toList(),
        List.of(),
        List.of());
  }

  private List<Suspect> suspects(OpenIncident incident, List<StreamAlarm> alarms) {
    List<Suspect> suspects = new ArrayList<>();
    for (SuspectRanking.Ranked ranked : incident.suspects) {
      if (suspects.size() == suspectsMax) {
        break;
      }
      String service = operations.serviceName(ranked.service());
      String caller = ranked.caller() < 0 ? null : operations.serviceName(ranked.caller());
      suspects.add(new Suspect(service, operationOf(service, alarms), caller, ranked.share()));
    }
    return suspects;
  }

  private static @Nullable String operationOf(String service, List<StreamAlarm> alarms) {
    return alarms.stream()
        .sorted(Comparator.comparingDouble(StreamAlarm::nats).reversed())
        .flatMap(alarm -> alarm.operations().stream())
        .filter(operation -> operation.service().equals(service))
        .map(OperationKey::operation)
        .findFirst()
        .orElse(null);
  }

  /** The alarm that speaks most of a service: its own strongest, else the incident's strongest. */
  private StreamAlarm leading(Collection<StreamAlarm> alarms, String service) {
    Comparator<StreamAlarm> order =
        Comparator.comparingDouble(IncidentDescriber::ratio)
            .thenComparingInt(alarm -> -alarm.channel().ordinal());
    return alarms.stream()
        .filter(alarm -> operations.serviceName(alarm.service()).equals(service))
        .max(order)
        .or(() -> alarms.stream().max(order))
        .orElseThrow();
  }

  private static double ratio(StreamAlarm alarm) {
    return alarm.threshold() > 0 ? alarm.nats() / alarm.threshold() : 0;
  }

  private static List<OperationKey> operations(List<StreamAlarm> alarms, StreamAlarm leading) {
    Set<OperationKey> named = new LinkedHashSet<>(leading.operations());
    alarms.forEach(alarm -> named.addAll(alarm.operations()));
    return named.stream().limit(OPERATIONS_SHOWN).toList();
  }

  /**
   * By how much of a service is touched: more than half of the spans slow, a fifth failing or four
   * services are SEV2, more than half failing or silence is SEV1, and so on down to SEV5.
   */
  private static Severity severity(List<StreamAlarm> alarms) {
    int level = 5;
    Set<Integer> services = new LinkedHashSet<>();
    for (StreamAlarm alarm : alarms) {
      services.add(alarm.service());
      double share = alarm.spans() == 0 ? 0 : (double) alarm.hits().get(0) / alarm.spans();
      level = Math.min(level, level(alarm.channel(), share));
    }
    if (services.size() >= SERVICES_WIDESPREAD) {
      level = Math.min(level, 2);
    }
    return Severity.ofLevel(level);
  }

  private static int level(Channel channel, double share) {
    return switch (channel) {
      case ERRORS -> share >= MOST ? 1 : share >= MANY ? 2 : share >= SOME ? 3 : 4;
      case SILENCE -> 1;
      case SELF_TIME, GAP_IN, GAP_OUT, QUEUE_DELAY, RELEASE ->
          share >= MOST ? 2 : share >= MANY ? 3 : 4;
      case SURGE -> 3;
      case ORPHANS -> 4;
      case FEW_CHILDREN, RARE_CHILDREN -> share >= MOST ? 3 : 5;
    };
  }

  private static IncidentKind kind(Channel channel) {
    return switch (channel) {
      case SELF_TIME -> IncidentKind.LATENCY;
      case GAP_IN, GAP_OUT -> IncidentKind.NETWORK;
      case ERRORS -> IncidentKind.ERRORS;
      case FEW_CHILDREN, RARE_CHILDREN -> IncidentKind.STRUCTURE;
      case SURGE -> IncidentKind.SURGE;
      case SILENCE -> IncidentKind.SILENCE;
      case QUEUE_DELAY -> IncidentKind.QUEUE;
      case ORPHANS -> IncidentKind.ORPHANS;
      case RELEASE -> IncidentKind.RELEASE;
    };
  }

  private static String title(
      IncidentKind kind, String service, StreamAlarm leading, int services) {
    String what =
        switch (kind) {
          case LATENCY -> service + " is slow";
          case NETWORK -> "calls around " + service + " are slow";
          case ERRORS -> service + " fails";
          case STRUCTURE -> service + " makes other calls than usual";
          case SURGE -> service + " gets far more requests than usual";
          case SILENCE -> service + " has fallen silent";
          case QUEUE -> "messages wait for " + service;
          case ORPHANS -> "spans of " + service + " do not arrive";
          case RELEASE -> "the new version of " + service + " is worse";
        };
    String where =
        leading.operations().isEmpty()
            ? ""
            : ", most of all " + leading.operations().get(0).operation();
    String more = services > 1 ? " (" + services + " services in alarm)" : "";
    return what + where + more;
  }

  private Evidence evidence(StreamAlarm alarm) {
    String service = operations.serviceName(alarm.service());
    String text = alarm.text() != null ? alarm.text() : words(alarm, service);
    return new Evidence(
        service,
        alarm.channel(),
        alarm.onsetTick() * tickNanos,
        alarm.spans(),
        alarm.exceeding(),
        alarm.level(),
        alarm.nats(),
        alarm.threshold(),
        text);
  }

  private static String words(StreamAlarm alarm, String service) {
    return switch (alarm.channel()) {
      case SURGE, SILENCE ->
          String.format(
              Locale.ROOT,
              "%s of %s: %d requests since it began, %.1f nats of %.1f asked for",
              alarm.channel().words(),
              service,
              alarm.spans(),
              alarm.nats(),
              alarm.threshold());
      case SELF_TIME,
          GAP_IN,
          GAP_OUT,
          FEW_CHILDREN,
          RARE_CHILDREN,
          ERRORS,
          QUEUE_DELAY,
          ORPHANS,
          RELEASE ->
          String.format(
              Locale.ROOT,
              "%s of %s: %d of %d observations beyond what 1 in %.0f normal ones exceed,"
                  + " %.1f nats of %.1f asked for",
              alarm.channel().words(),
              service,
              alarm.exceeding(),
              alarm.spans(),
              1 / alarm.level(),
              alarm.nats(),
              alarm.threshold());
    };
  }
}
