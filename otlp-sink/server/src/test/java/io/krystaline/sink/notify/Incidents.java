package io.krystaline.sink.notify;

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
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Incidents for tests: states of one incident, each made from the one before. */
public final class Incidents {
  /** When they start. */
  public static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(START.getEpochSecond());

  private Incidents() {}

  /** An open incident of SEV2 that the service {@code shop} is blamed for. */
  public static Incident open(String id, Priority priority) {
    return of(
        id, Severity.MAJOR, priority, "shop", "shop fails <often> & \"late\"\nX-Evil: 1", 0, 0);
  }

  /** The same of another service. */
  public static Incident of(Incident incident, String service) {
    return of(
        incident.id(), incident.severity(), incident.priority(), service, incident.title(), 0, 0);
  }

  /** A later state of other severity and priority. */
  public static Incident changed(Incident incident, Severity severity, Priority priority) {
    return of(
        incident.id(),
        severity,
        priority,
        incident.services().getFirst(),
        incident.title(),
        incident.endNanos(),
        incident.reopened());
  }

  /** Its end, 90 seconds after its start. */
  public static Incident closed(Incident incident) {
    return of(
        incident.id(),
        incident.severity(),
        incident.priority(),
        incident.services().getFirst(),
        incident.title(),
        START_NANOS + TimeUnit.SECONDS.toNanos(90),
        incident.reopened());
  }

  /** Opened once more. */
  public static Incident reopened(Incident incident) {
    return of(
        incident.id(),
        incident.severity(),
        incident.priority(),
        incident.services().getFirst(),
        incident.title(),
        0,
        incident.reopened() + 1);
  }

  private static Incident of(
      String id,
      Severity severity,
      Priority priority,
      String service,
      String title,
      long endNanos,
      int reopened) {
    return new Incident(
        id,
        severity,
        priority,
        "payment provider down",
        IncidentKind.ERRORS,
        title,
        START_NANOS,
        START_NANOS,
        START_NANOS + TimeUnit.SECONDS.toNanos(10),
        Math.max(endNanos, START_NANOS + TimeUnit.SECONDS.toNanos(20)),
        endNanos,
        reopened,
        List.of(new Suspect(service, "POST /pay", null, 0.75)),
        List.of(service, "web"),
        List.of(new OperationKey(service, "POST /pay", SpanKind.SERVER)),
        List.of(TraceId.parse("5b8efff798038103d269b633813fc60c")),
        List.of(),
        List.of(
            new Evidence(
                service, Channel.ERRORS, START_NANOS, 100, 40, 0.01, 30, 20, "40 of 100 fail")),
        List.of(new Contrast("cloud.region", "eu-1", 9, 10, 1, 10, 1e-3)),
        List.of(
            new ErrorFingerprint(
                "00000000000000ff", service, "IOException", "no <route>", 40, "at X")));
  }
}
