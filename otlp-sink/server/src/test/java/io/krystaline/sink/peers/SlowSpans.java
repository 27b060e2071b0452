package io.krystaline.sink.peers;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes OTLP/JSON export requests of one operation: spans of 40 to 60 ms that teach what is
 * normal, and among them slow ones of 5 s whose ids it keeps. No two spans have the same ids, also
 * of two services or moments. Used by one test thread.
 */
final class SlowSpans {
  private static final int NORMAL_PER_DOCUMENT = 500;
  private static final long SLOW_MILLIS = 5_000;

  private final String service;
  private final long endNanos;
  private final long traceIdHigh;
  private final List<String> slowIds = new ArrayList<>();
  private long sent;

  /**
   * Nothing is written yet.
   *
   * @param service the {@code service.name} of all spans
   * @param now when the slow spans end
   */
  SlowSpans(String service, Instant now) {
    this.service = service;
    this.endNanos = Duration.ofMillis(now.toEpochMilli()).toNanos();
    this.traceIdHigh = endNanos ^ ((long) service.hashCode() << 32);
  }

  /** Documents of normal spans. */
  List<String> normal(int documents) {
    return IntStream.range(0, documents).mapToObj(index -> document(normalSpans())).toList();
  }

  /** Documents of normal spans with one slow span each. */
  List<String> mixed(int documents) {
    return IntStream.range(0, documents)
        .mapToObj(
            index -> {
              List<String> spans = normalSpans();
              spans.add(slowSpan());
              return document(spans);
            })
        .toList();
  }

  /** A document of one slow span. */
  String slowOnly() {
    return document(List.of(slowSpan()));
  }

  /** How many spans all documents hold. */
  long sent() {
    return sent;
  }

  /** The anomaly ids that the slow spans must have. */
  List<String> slowIds() {
    return List.copyOf(slowIds);
  }

  private List<String> normalSpans() {
    List<String> spans = new ArrayList<>();
    for (int index = 0; index < NORMAL_PER_DOCUMENT; index++) {
      spans.add(span(40 + index % 21));
    }
    return spans;
  }

  private String slowSpan() {
    String span = span(SLOW_MILLIS);
    slowIds.add("%016x%016x-%016x".formatted(traceIdHigh, sent, sent));
    return span;
  }

  /** A span that is a trace of its own; its ids end in its number, from 1 on. */
  private String span(long durationMillis) {
    sent++;
    return """
    {"traceId":"%016x%016x","spanId":"%016x","name":"POST /orders","kind":2,\
    "startTimeUnixNano":"%d","endTimeUnixNano":"%d"}\
    """
        .formatted(
            traceIdHigh,
            sent,
            sent,
            endNanos - Duration.ofMillis(durationMillis).toNanos(),
            endNanos);
  }

  private String document(List<String> spans) {
    return """
    {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name",\
    "value":{"stringValue":"%s"}}]},"scopeSpans":[{"spans":[%s]}]}]}\
    """
        .formatted(service, String.join(",", spans));
  }
}
