package io.krystaline.bench.load;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Builds windows of simulated traces: generates, spreads each trace over one to three neighbouring
 * batches, groups the spans of a batch by service as a collector's batches are, and encodes. Owned
 * by one thread.
 */
final class WindowBuilder {
  /** How many batches share their traces. */
  static final int BATCHES = 8;

  private static final double SPREAD_BATCHES = 1.5;

  private final LoadShape shape;
  private final Encoding encoding;
  private final int variants;
  private final Random random;
  private final TraceGenerator generator;
  private final SpanAttributes attributes;

  // The window that is being built, one trace after the other.
  private final List<SimulatedSpan> spans = new ArrayList<>();
  private int[] traceOf = new int[0];
  private int[] parents = new int[0];
  private int traces;

  WindowBuilder(LoadShape shape, Encoding encoding, Topology topology, int variants) {
    this.encoding = encoding;
    this.shape = shape;
    this.variants = variants;
    this.random = new Random(shape.seed());
    this.generator = new TraceGenerator(topology, random);
    this.attributes = new SpanAttributes(random, shape.eventShare());
  }

  Window build() {
    generate(BATCHES * shape.batch());
    Integer[] order = arrange();
    int[] wireOrder = new int[order.length];
    for (int position = 0; position < order.length; position++) {
      wireOrder[order[position]] = position;
    }
    int[] traceOnWire = new int[order.length];
    int[] parentOnWire = new int[order.length];
    for (int span = 0; span < order.length; span++) {
      traceOnWire[wireOrder[span]] = traceOf[span];
      parentOnWire[wireOrder[span]] = parents[span] < 0 ? -1 : wireOrder[parents[span]];
    }
    Timing timing =
        new TraceTimer(spans, parents, wireOrder, random, shape.sigma()).variants(variants);
    return new Window(encode(order), traceOnWire, parentOnWire, traces, timing);
  }

  private void generate(int count) {
    spans.clear();
    traceOf = new int[count];
    parents = new int[count];
    traces = 0;
    while (spans.size() < count) {
      int first = spans.size();
      for (SimulatedSpan span : generator.trace(count - first)) {
        traceOf[spans.size()] = traces;
        parents[spans.size()] = span.parent() < 0 ? -1 : first + span.parent();
        spans.add(span);
      }
      traces++;
    }
  }

  /** The spans in the order of the bytes. */
  private Integer[] arrange() {
    int count = spans.size();
    int batch = shape.batch();
    double[] arrival = new double[count];
    Integer[] order = new Integer[count];
    for (int span = 0; span < count; span++) {
      arrival[span] = span + SPREAD_BATCHES * batch * random.nextDouble();
      order[span] = span;
    }
    Arrays.sort(order, Comparator.comparingDouble(span -> arrival[span]));
    for (int from = 0; from < count; from += batch) {
      Arrays.sort(
          order, from, from + batch, Comparator.comparingInt(span -> operation(span).service()));
    }
    return order;
  }

  private SimulatedOperation operation(int span) {
    return spans.get(span).operation();
  }

  private List<Window.Encoded> encode(Integer[] order) {
    List<Window.Encoded> batches = new ArrayList<>();
    for (int from = 0; from < order.length; from += shape.batch()) {
      batches.add(encoded(message(order, from, from + shape.batch()), encoding, from));
    }
    return batches;
  }

  static Window.Encoded encoded(ExportTraceServiceRequest message, Encoding encoding, int first) {
    return switch (encoding) {
      case PROTOBUF -> {
        byte[] bytes = message.toByteArray();
        yield new Window.Encoded(bytes, SpanPlaces.ofProtobuf(bytes), first);
      }
      case JSON -> JsonMessage.encode(message, first);
    };
  }

  private ExportTraceServiceRequest message(Integer[] order, int from, int to) {
    ExportTraceServiceRequest.Builder message = ExportTraceServiceRequest.newBuilder();
    int position = from;
    while (position < to) {
      int service = operation(order[position]).service();
      ScopeSpans.Builder scope = ScopeSpans.newBuilder().setScope(SpanAttributes.scope());
      while (position < to && operation(order[position]).service() == service) {
        scope.addSpans(attributes.span(spans.get(order[position++])));
      }
      message.addResourceSpans(
          ResourceSpans.newBuilder()
              .setResource(SpanAttributes.resource(service))
              .addScopeSpans(scope));
    }
    return message.build();
  }
}
