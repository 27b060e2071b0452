package io.krystaline.sink.api;

import com.google.protobuf.InvalidProtocolBufferException;
import io.krystaline.engine.assemble.TraceTimes;
import io.krystaline.engine.span.TraceId;
import io.krystaline.platform.http.HttpException;
import io.krystaline.platform.http.HttpRequest;
import io.krystaline.sink.store.AnomalyStore;
import io.krystaline.sink.store.StoredTrace;
import io.krystaline.sink.store.TraceSpan;
import io.krystaline.sink.view.EpochNanos;
import io.krystaline.sink.view.SpanView;
import io.krystaline.sink.view.TraceView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code traces/{traceId}}. May block on the store. */
final class TraceReader {
  private static final Logger logger = LoggerFactory.getLogger(TraceReader.class);

  private final AnomalyStore store;

  TraceReader(AnomalyStore store) {
    this.store = store;
  }

  TraceView read(HttpRequest request) {
    ApiParameters.of(request.query());
    String id = request.pathParameter("traceId");
    return parse(id)
        .flatMap(store::trace)
        .map(TraceReader::view)
        .orElseThrow(
            () -> new HttpException(404, "no trace '" + ApiParameters.printable(id) + "' is kept"));
  }

  private static Optional<TraceId> parse(String id) {
    try {
      return Optional.of(TraceId.parse(id));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // an id of another form names nothing
    }
  }

  private static TraceView view(StoredTrace trace) {
    List<SpanView> spans = new ArrayList<>();
    for (TraceSpan stored : trace.spans()) {
      boolean anomalous = trace.anomalousSpanIds().contains(stored.spanId());
      String anomalyId = anomalous ? StoredSpans.anomalyId(trace.traceId(), stored.spanId()) : null;
      try {
        spans.add(StoredSpans.view(stored, anomalyId));
      } catch (InvalidProtocolBufferException e) {
        logger.error("span {} of trace {} is left out", stored.spanId(), trace.traceId(), e);
      }
    }
    if (spans.isEmpty()) {
      throw new IllegalStateException("no span of trace " + trace.traceId() + " can be read");
    }
    Instant start = spans.stream().map(SpanView::startTime).min(Instant::compareTo).orElseThrow();
    Instant end = spans.stream().map(SpanView::endTime).max(Instant::compareTo).orElseThrow();
    return new TraceView(
        trace.traceId().toString(),
        start,
        Duration.between(start, end).toNanos() / 1e6,
        spans.stream().map(SpanView::service).distinct().sorted().toList(),
        isComplete(spans),
        withTimes(spans));
  }

  private static List<SpanView> withTimes(List<SpanView> spans) {
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < spans.size(); i++) {
      positions.putIfAbsent(spans.get(i).spanId(), i);
    }
    long[] start = new long[spans.size()];
    long[] end = new long[spans.size()];
    int[] parent = new int[spans.size()];
    for (int i = 0; i < spans.size(); i++) {
      SpanView span = spans.get(i);
      start[i] = EpochNanos.of(span.startTime());
      end[i] = Math.max(start[i], EpochNanos.of(span.endTime()));
      String id = span.parentSpanId();
      parent[i] = id == null ? -1 : positions.getOrDefault(id, -1);
    }
    TraceTimes times = new TraceTimes(start, end, parent);
    List<SpanView> timed = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      timed.add(
          spans.get(i).withTimes(times.exclusiveNanos(i) / 1e6, times.criticalNanos(i) / 1e6));
    }
    return timed;
  }

  private static boolean isComplete(List<SpanView> spans) {
    Set<String> ids = new HashSet<>();
    spans.forEach(span -> ids.add(span.spanId()));
    boolean hasRoot = false;
    for (SpanView span : spans) {
      String parent = span.parentSpanId();
      if (parent == null) {
        hasRoot = true;
      } else if (!ids.contains(parent)) {
        return false;
      }
    }
    return hasRoot;
  }
}
