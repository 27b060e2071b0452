package io.krystaline.bench.load;

import com.google.protobuf.ByteString;
import io.krystaline.bench.load.Recording.Recorded;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Builds the pools of a recording, which is sent over and over: each time with fresh ids, and each
 * trace moved so that it ends now. Its durations and the order within a trace stay.
 */
public final class RecordedLoad {
  private static final int SPANS_MAX = 500_000;
  private static final int SINGLE_OPERATIONS_MAX = 500;
  private static final int NANOS_PER_MICRO = 1_000;

  private final int batch;
  private final Encoding encoding;

  private RecordedLoad(int batch, Encoding encoding) {
    this.batch = batch;
    this.encoding = encoding;
  }

  /**
   * The load of a file, its first 500,000 spans.
   *
   * @param batch spans a message
   * @param inFlight messages that may be under way on each connection
   * @param idSeed what ids are made of
   */
  public static Load of(
      Path file,
      int batch,
      Encoding encoding,
      int connections,
      int inFlight,
      long idSeed,
      EventClock clock) {
    Recording recording = Recording.read(file, SPANS_MAX);
    List<List<Recorded>> shares = new ArrayList<>();
    for (int connection = 0; connection < connections; connection++) {
      shares.add(new ArrayList<>());
    }
    for (Recorded each : recording.spans()) {
      int connection = Math.floorMod(each.span().getTraceId().hashCode(), connections);
      shares.get(connection).add(each);
    }
    RecordedLoad builder = new RecordedLoad(batch, encoding);
    List<BatchPool> pools = new ArrayList<>();
    for (List<Recorded> share : shares) {
      List<Recorded> spans = share.isEmpty() ? recording.spans() : share;
      List<Window> windows = new ArrayList<>();
      int batches = 0;
      while (batches < 2 * inFlight) {
        Window window = builder.window(spans);
        windows.add(window);
        batches += window.batches().size();
      }
      pools.add(new BatchPool(windows, encoding, idSeed + ((pools.size() + 1L) << 48), clock));
    }
    Set<SingleSpan.Of> operations = operations(recording);
    return new Load(
        pools, operations.stream().limit(SINGLE_OPERATIONS_MAX).toList(), operations.size());
  }

  private static Set<SingleSpan.Of> operations(Recording recording) {
    Set<SingleSpan.Of> operations = new LinkedHashSet<>();
    for (Recorded each : recording.spans()) {
      operations.add(
          new SingleSpan.Of(
              service(each.resource()), each.span().getName(), each.span().getKindValue()));
    }
    return operations;
  }

  private static String service(ResourceSpans resource) {
    return resource.getResource().getAttributesList().stream()
        .filter(attribute -> attribute.getKey().equals("service.name"))
        .map(KeyValue::getValue)
        .map(value -> value.getStringValue())
        .findFirst()
        .orElse("unknown_service");
  }

  private Window window(List<Recorded> spans) {
    int count = spans.size();
    int[] traceOf = new int[count];
    int[] parentOf = new int[count];
    Map<ByteString, Integer> traces = new HashMap<>();
    Map<ByteString, Integer> positions = new HashMap<>();
    List<Long> traceEnds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var span = spans.get(i).span();
      int trace = traces.computeIfAbsent(span.getTraceId(), unknown -> traces.size());
      if (trace == traceEnds.size()) {
        traceEnds.add(span.getEndTimeUnixNano());
      }
      traceOf[i] = trace;
      traceEnds.set(trace, Math.max(traceEnds.get(trace), span.getEndTimeUnixNano()));
      positions.put(span.getTraceId().concat(span.getSpanId()), i);
    }
    int[] starts = new int[count];
    int[] durations = new int[count];
    for (int i = 0; i < count; i++) {
      var span = spans.get(i).span();
      ByteString parent = span.getParentSpanId();
      parentOf[i] =
          parent.isEmpty() ? -1 : positions.getOrDefault(span.getTraceId().concat(parent), -1);
      long start = span.getStartTimeUnixNano();
      starts[i] = micros(start - traceEnds.get(traceOf[i]));
      durations[i] = micros(Math.max(0, span.getEndTimeUnixNano() - start));
    }
    Timing timing = new Timing(new int[][] {starts}, new int[][] {durations});
    return new Window(encode(spans), traceOf, parentOf, traceEnds.size(), timing);
  }

  private static int micros(long nanos) {
    return Math.clamp(nanos / NANOS_PER_MICRO, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private List<Window.Encoded> encode(List<Recorded> spans) {
    List<Window.Encoded> batches = new ArrayList<>();
    for (int from = 0; from < spans.size(); from += batch) {
      List<Recorded> share = spans.subList(from, Math.min(spans.size(), from + batch));
      batches.add(WindowBuilder.encoded(message(share), encoding, from));
    }
    return batches;
  }

  private static ExportTraceServiceRequest message(List<Recorded> spans) {
    ExportTraceServiceRequest.Builder message = ExportTraceServiceRequest.newBuilder();
    int at = 0;
    while (at < spans.size()) {
      Recorded first = spans.get(at);
      ScopeSpans.Builder scope = first.scope().toBuilder();
      while (at < spans.size()
          && spans.get(at).resource().equals(first.resource())
          && spans.get(at).scope().equals(first.scope())) {
        // A time of 0 would not be on the wire, and so have no place.
        scope.addSpans(
            spans.get(at++).span().toBuilder().setStartTimeUnixNano(1).setEndTimeUnixNano(1));
      }
      message.addResourceSpans(first.resource().toBuilder().addScopeSpans(scope));
    }
    return message.build();
  }
}
