package io.krystaline.engine.detect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The calls between services in the block that is being counted, and the spans that were cut: what
 * suspects are ranked by. Owned by one thread.
 */
final class Edges {
  static final int EDGES_MAX = 20_000;

  private final LongNumbers byServices = new LongNumbers();
  private final List<Edge> edges = new ArrayList<>();
  private final Map<Long, long[]> cuts = new HashMap<>();
  private long refused;

  /** Counts a call. */
  void observe(int caller, int callee, double pValue, long tick) {
    long key = key(caller, callee);
    int number = byServices.find(key);
    if (number == LongNumbers.NONE) {
      if (edges.size() == EDGES_MAX) {
        refused++;
        return;
      }
      number = byServices.add(key);
      edges.add(new Edge(caller, callee));
    }
    edges.get(number).observe(pValue, tick);
  }

  /** Counts a span with missing or unusual children, by the service of its last one. */
  void cut(int service, int lastService) {
    long[] count = cuts.get(key(service, lastService));
    if (count != null) {
      count[0]++;
    } else if (cuts.size() < EDGES_MAX) {
      cuts.put(key(service, lastService), new long[] {1});
    } else {
      refused++;
    }
  }

  /** Ends a tick: adds what is due to its evidence. */
  void close(long tick, DetectionSettings settings, TickEvidence evidence) {
    for (Edge edge : edges) {
      if (edge.isBlockDue(tick, settings)) {
        evidence
            .edges()
            .add(
                new TickEvidence.OfEdge(
                    edge.caller, edge.callee, edge.evidence(), edge.calls, edge.hits[0]));
        edge.clear();
      }
    }
    cuts.forEach(
        (key, count) ->
            evidence
                .cuts()
                .add(new TickEvidence.Cut((int) (key >>> 32), (int) (long) key, count[0])));
    cuts.clear();
  }

  /** Forgets what is being counted. */
  void clear() {
    edges.forEach(Edge::clear);
    cuts.clear();
  }

  /** Calls and cuts that were not counted because there are too many pairs of services. */
  long refused() {
    return refused;
  }

  private static long key(int one, int other) {
    return (long) one << 32 | other;
  }
}
