package io.krystaline.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Makes traces as a system of services does: a request comes into one of a few services, which ask
 * databases and other services (a client's span, and a server's as its child), send messages (a
 * producer's span, and a consumer's as its child) and do work of their own; 4 to 20 spans, 12 on
 * average. Owned by one thread.
 */
final class TraceGenerator {
  static final int SPANS_MIN = 4;
  static final int SPANS_MAX = 20;

  private final Topology topology;
  private final Random random;

  TraceGenerator(Topology topology, Random random) {
    this.topology = topology;
    this.random = random;
  }

  /**
   * The spans of one trace, parents before their children.
   *
   * @param spansMax how many it may have, 1 or more
   */
  List<SimulatedSpan> trace(int spansMax) {
    int size = Math.min(spansMax, SPANS_MIN + random.nextInt(SPANS_MAX - SPANS_MIN + 1));
    int entries = Math.max(1, topology.services() / 6);
    List<SimulatedSpan> spans = new ArrayList<>(size);
    List<Integer> active = new ArrayList<>();
    spans.add(new SimulatedSpan(server(random.nextInt(entries)), -1));
    active.add(0);
    while (spans.size() < size) {
      int parent = active.get(random.nextInt(active.size()));
      addChild(spans, active, parent, size - spans.size());
    }
    return spans;
  }

  private void addChild(List<SimulatedSpan> spans, List<Integer> active, int parent, int room) {
    int service = spans.get(parent).operation().service();
    int dice = random.nextInt(100);
    SpanType single = dice < 85 ? SpanType.DATABASE : SpanType.INTERNAL;
    if (room < 2 || dice < 30 || dice >= 90) {
      spans.add(
          new SimulatedSpan(
              topology.next(service, single).orElseGet(() -> server(service)), parent));
      return;
    }
    boolean message = dice < 40;
    int other = random.nextInt(topology.services());
    Optional<SimulatedOperation> near =
        topology.next(service, message ? SpanType.PRODUCER : SpanType.HTTP_CLIENT);
    Optional<SimulatedOperation> far =
        message ? topology.next(other, SpanType.CONSUMER) : Optional.empty();
    int position = spans.size();
    spans.add(new SimulatedSpan(near.orElseGet(() -> server(service)), parent));
    spans.add(new SimulatedSpan(far.orElseGet(() -> server(other)), position));
    active.add(position + 1);
  }

  /** The next server operation of a service, which always has one. */
  private SimulatedOperation server(int service) {
    return topology
        .next(service, SpanType.HTTP_SERVER)
        .orElseThrow(() -> new IllegalStateException("service " + service + " serves nothing"));
  }
}
