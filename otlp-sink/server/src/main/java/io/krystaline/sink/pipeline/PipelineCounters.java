package io.krystaline.sink.pipeline;

import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.RejectReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

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

  private final Map<Transport, LongAdder> received = adders(Transport.class);
  private final Map<RejectReason, LongAdder> rejected = adders(RejectReason.class);
  private final Map<Refusal, LongAdder> refused = adders(Refusal.class);
  private final Map<Severity, LongAdder> anomalies = adders(Severity.class);
  private final Map<Uncaptured, LongAdder> uncaptured = adders(Uncaptured.class);
  private final LongAdder scored = new LongAdder();
  private final LongAdder receivedBytes = new LongAdder();
  private final LongAdder capturedSpans = new LongAdder();
  private final LongAdder commitFailures = new LongAdder();

  /** Well-formed messages' spans, the rejected ones among them, by transport. */
  public LongAdder received(Transport transport) {
    return of(received, transport);
  }

  /** Spans refused one by one, by reason. */
  public LongAdder rejected(RejectReason reason) {
    return of(rejected, reason);
  }

  /** Messages refused whole, by reason. */
  public LongAdder refused(Refusal reason) {
    return of(refused, reason);
  }

  /** Anomalies newly committed, by severity. */
  public LongAdder anomalies(Severity severity) {
    return of(anomalies, severity);
  }

  /** Spans of marked traces that are not kept, by reason. */
  public LongAdder uncaptured(Uncaptured reason) {
    return of(uncaptured, reason);
  }

  /** Spans scored. */
  public LongAdder scored() {
    return scored;
  }

  /** Bytes of messages after decompression. */
  public LongAdder receivedBytes() {
    return receivedBytes;
  }

  /** Spans of marked traces that were kept. */
  public LongAdder capturedSpans() {
    return capturedSpans;
  }

  /** Transactions that failed. */
  public LongAdder commitFailures() {
    return commitFailures;
  }

  private static <K extends Enum<K>> LongAdder of(Map<K, LongAdder> adders, K key) {
    LongAdder adder = adders.get(key);
    if (adder == null) {
      throw new IllegalStateException("no counter for " + key);
    }
    return adder;
  }

  private static <K extends Enum<K>> Map<K, LongAdder> adders(Class<K> type) {
    Map<K, LongAdder> adders = new EnumMap<>(type);
    for (K key : type.getEnumConstants()) {
      adders.put(key, new LongAdder());
    }
    return adders;
  }
}
