package io.krystaline.sink.store;

import org.jspecify.annotations.Nullable;

/** An {@link AnomalyFilter} and a cursor as the conditions of a statement. */
final class AnomalyConditions {
  private AnomalyConditions() {}

  static Conditions of(AnomalyFilter filter, @Nullable AnomalyCursor cursor) {
    Conditions conditions = new Conditions();
    conditions.add("service = :service", "service", filter.service());
    conditions.add("operation = :operation", "operation", filter.operation());
    if (filter.minSeverity() != null) {
      conditions.add("severity <= :severity", "severity", filter.minSeverity().level());
    }
    conditions.add("start_ns >= :from", "from", filter.fromNanos());
    conditions.add("start_ns < :until", "until", filter.untilNanos());
    conditions.add("detected_ns >= :detectedSince", "detectedSince", filter.detectedSinceNanos());
    if (cursor != null) {
      conditions.add(
          "(start_ns, trace_id, span_id) < (:lastStart, :lastTrace, :lastSpan)",
          "lastStart",
          cursor.startNanos());
      conditions.value("lastTrace", IdBytes.of(cursor.traceId()));
      conditions.value("lastSpan", IdBytes.of(cursor.spanId()));
    }
    return conditions;
  }
}
