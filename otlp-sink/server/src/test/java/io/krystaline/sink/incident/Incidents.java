package io.krystaline.sink.incident;

import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.incident.Contrast;
import io.krystaline.engine.incident.ErrorFingerprint;
import io.krystaline.engine.incident.Evidence;
import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.IncidentKind;
import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.incident.Suspect;
import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import io.krystaline.engine.span.TraceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Incidents for tests: one latency fault of a payment service, in any state. */
public final class Incidents {
  /** Start of the samples. */
  public static final Instant START = Instant.parse("2026-11-18T11:00:00.000000123Z");

  private Incidents() {}

  /** An open incident of SEV2 and P1 in {@code payment}, as it was opened. */
  public static Incident open(String id) {
    return of(id, Severity.MAJOR, "payment", START, 0, null, 0);
  }

  /** The same, {@code ticks} updates of one second later. */
  public static Incident updated(Incident incident, int ticks, Severity severity) {
    return of(
        incident.id(),
        severity,
        incident.services().getFirst(),
        start(incident),
        ticks,
        null,
        incident.reopened());
  }

  /** The same, closed so many seconds after its start. */
  public static Incident closed(Incident incident, int ticks) {
    return of(
        incident.id(),
        incident.severity(),
        incident.services().getFirst(),
        start(incident),
        ticks,
        start(incident).plusSeconds(ticks),
        incident.reopened());
  }

  /** The same, open again so many seconds after its start. */
  public static Incident reopened(Incident incident, int ticks) {
    return of(
        incident.id(),
        incident.severity(),
        incident.services().getFirst(),
        start(incident),
        ticks,
        null,
        incident.reopened() + 1);
  }

  /** An open incident of a service. */
  public static Incident of(String id, Severity severity, String service, Instant start) {
    return of(id, severity, service, start, 0, null, 0);
  }

  private static Instant start(Incident incident) {
    return Instant.ofEpochSecond(0, incident.startNanos());
  }

  private static Incident of(
      String id,
      Severity severity,
      String service,
      Instant start,
      int ticks,
      @Nullable Instant end,
      int reopened) {
    long startNanos = nanos(start);
    return new Incident(
        id,
        severity,
        severity.level() == 1 ? Priority.P0 : Priority.P1,
        "third-party timeout",
        IncidentKind.LATENCY,
        service + " is slow",
        startNanos,
        startNanos - Duration.ofSeconds(5).toNanos(),
        startNanos + Duration.ofSeconds(5).toNanos(),
        startNanos + Duration.ofSeconds(5 + ticks).toNanos(),
        end == null ? 0 : nanos(end),
        reopened,
        List.of(new Suspect(service, "charge", null, 0.75), new Suspect("cart", null, "web", 0.25)),
        List.of(service, "cart"),
        List.of(
            new OperationKey(service, "charge", SpanKind.SERVER),
            new OperationKey("cart", "GET /", SpanKind.CLIENT)),
        List.of(new TraceId(0x5b8efff798038103L, 0xd269b633813fc60cL)),
        List.of(new TraceId(1, 2)),
        List.of(
            new Evidence(
                service,
                Channel.SELF_TIME,
                startNanos,
                120,
                40,
                0.01,
                31.5,
                12.25,
                "40 of 120 spans of " + service + " took longer than 99 % usually do")),
        List.of(new Contrast("http.route", "/pay", 18, 20, 1, 20, 0.0004)),
        List.of(
            new ErrorFingerprint(
                "00000000000000aa", service, "Timeout", "after * ms", 3, "at Pay.charge(Pay:1)")));
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }
}
