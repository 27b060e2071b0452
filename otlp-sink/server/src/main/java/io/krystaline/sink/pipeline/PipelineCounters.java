package io.krystaline.sink.pipeline;

import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.RejectReason;
import io.krystaline.platform.telemetry.Metrics;
import io.krystaline.platform.telemetry.Tally;
import io.krystaline.platform.telemetry.TallyFamily;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What the pipeline has counted since the start. Counted once a message or less; any thread may
 * read.
 */
public final class PipelineCounters {

  /** Why a whole message was refused. */
  public enum Refusal {
    MALFORMED,
    TOO_LARGE,
    OVERLOAD,
    STORE_UNAVAILABLE,
    DRAINING;

    /** The value of the {@code reason} label in metrics. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Why a span of a marked trace is not kept with it. */
  public enum Uncaptured {
    /** A recent span was overwritten before it was looked at, while traces were wanted. */
    OVERWRITTEN,
    /** More arrived than the buffer holds for its time, and the whole trace was left out of it. */
    LEFT_OUT,
    /** More spans a second than the limit. */
    RATE,
    /** The trace has more spans than the limit. */
    TRACE_SIZE,
    /** The store was not there. */
    STORE_UNAVAILABLE,
    /** A trace gave way to newer ones before its time. */
    TRACE_LIMIT;

    /** The value of the {@code reason} label in metrics. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private final Map<Transport, Tally> received;
  private final Map<RejectReason, Tally> rejected;
  private final Map<Refusal, Tally> refused;
  private final Map<Severity, Tally> anomalies;
  private final Map<Uncaptured, Tally> uncaptured;
  private final Tally scored;
  private final Tally unrecorded;
  private final Tally receivedBytes;
  private final Tally capturedSpans;
  private final Tally commitFailures;

  /** Counters that the metrics page shows, all at 0. */
  public PipelineCounters(Metrics metrics) {
    received =
        tallies(
            Transport.class,
            metrics.tallies(
                "krystaline.sink.spans.received", "Spans of well-formed messages", "transport"),
            Transport::label);
    rejected =
        tallies(
            RejectReason.class,
            metrics.tallies("krystaline.sink.spans.rejected", "Spans refused one by one", "reason"),
            RejectReason::label);
    refused =
        tallies(
            Refusal.class,
            metrics.tallies(
                "krystaline.sink.messages.refused", "Trace messages refused whole", "reason"),
            Refusal::label);
    anomalies =
        tallies(
            Severity.class,
            metrics.tallies("krystaline.sink.anomalies", "Anomalies committed", "severity"),
            severity -> Integer.toString(severity.level()));
    uncaptured =
        tallies(
            Uncaptured.class,
            metrics.tallies(
                "krystaline.sink.spans.uncaptured",
                "Spans not kept with the trace of an anomaly",
                "reason"),
            Uncaptured::label);
    scored = metrics.tally("krystaline.sink.spans.scored", "Spans scored");
    unrecorded =
        metrics.tally(
            "krystaline.sink.marks.unrecorded",
            "Spans of a recorded severity that were over the limit of their second");
    receivedBytes =
        metrics.tally("krystaline.sink.received_bytes", "Bytes of trace messages, decompressed");
    capturedSpans =
        metrics.tally("krystaline.sink.spans.captured", "Spans kept with the trace of an anomaly");
    commitFailures =
        metrics.tally("krystaline.sink.commit_failures", "Transactions of anomalies that failed");
  }

  /** Well-formed messages' spans, the rejected ones among them, by transport. */
  public Tally received(Transport transport) {
    return of(received, transport);
  }

  /** Spans refused one by one, by reason. */
  public Tally rejected(RejectReason reason) {
    return of(rejected, reason);
  }

  /** Messages refused whole, by reason. */
  public Tally refused(Refusal reason) {
    return of(refused, reason);
  }

  /** Anomalies newly committed, by severity. */
  public Tally anomalies(Severity severity) {
    return of(anomalies, severity);
  }

  /** Spans of marked traces that are not kept, by reason. */
  public Tally uncaptured(Uncaptured reason) {
    return of(uncaptured, reason);
  }

  /** Spans scored. */
  public Tally scored() {
    return scored;
  }

  /** Spans that were severe enough to be recorded, but too many in their second. */
  public Tally unrecorded() {
    return unrecorded;
  }

  /** Bytes of messages after decompression. */
  public Tally receivedBytes() {
    return receivedBytes;
  }

  /** Spans of marked traces that were kept. */
  public Tally capturedSpans() {
    return capturedSpans;
  }

  /** Transactions that failed. */
  public Tally commitFailures() {
    return commitFailures;
  }

  private static <K extends Enum<K>> Tally of(Map<K, Tally> tallies, K key) {
    Tally tally = tallies.get(key);
    if (tally == null) {
      throw new IllegalStateException("no counter for " + key);
    }
    return tally;
  }

  private static <K extends Enum<K>> Map<K, Tally> tallies(
      Class<K> type, TallyFamily family, Function<K, String> label) {
    Map<K, Tally> tallies = new EnumMap<>(type);
    for (K key : type.getEnumConstants()) {
      tallies.put(key, family.of(label.apply(key)));
    }
    return tallies;
  }
}
