package io.krystaline.engine.incident;

import io.krystaline.engine.detect.Channel;
import io.krystaline.engine.detect.Divergence;
import io.krystaline.engine.detect.TickEvidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Ranks services by the evidence against them over some ticks:
 *
 * <pre>score(s) = own(s) + edges into s + (edges out of s - the greatest of them) + structure(s)
 * </pre>
 *
 * where own is the evidence of its own time, failures, queues and rate. Leaving out the worst
 * callee explains away a caller that is slow because of one callee; a starved caller slows all its
 * edges and is blamed. A span that was cut short blames the service of its last child, if calls to
 * it end in a cut at least half as often as the caller's spans are cut.
 */
final class SuspectRanking {
  private static final double CUT_BLAME = 0.5;
  private static final double NORMALLY_SLOW = 0.1;
  private static final long CALLS_TO_COMPARE = 10;

  private final Map<Integer, Double> own = new TreeMap<>();
  private final Map<Integer, Double> structure = new TreeMap<>();
  private final Map<Integer, Long> structureSpans = new HashMap<>();
  private final Map<Long, Double> edges = new TreeMap<>();
  private final Map<Long, Long> calls = new HashMap<>();
  private final Map<Long, Long> slow = new HashMap<>();
  private final Map<Long, Long> cuts = new TreeMap<>();

  /**
   * A service and its part of the evidence.
   *
   * @param caller the caller that carries most of the evidence if that is on one edge into the
   *     service, else -1
   * @param share 0 to 1
   */
  record Ranked(int service, int caller, double score, double share) {}

  void add(TickEvidence tick) {
    for (TickEvidence.OfStream stream : tick.streams()) {
      switch (stream.channel()) {
        case FEW_CHILDREN -> {
          structure.merge(stream.service(), stream.nats(), Double::sum);
          structureSpans.merge(stream.service(), stream.spans(), Long::sum);
        }
        case RARE_CHILDREN -> structure.merge(stream.service(), stream.nats(), Double::sum);
        case GAP_IN, GAP_OUT -> {
          // Told apart by edge, below.
        }
        case SELF_TIME, ERRORS, SURGE, SILENCE, QUEUE_DELAY, ORPHANS, RELEASE ->
            own.merge(stream.service(), stream.nats(), Double::sum);
      }
    }
    for (TickEvidence.OfEdge edge : tick.edges()) {
      long key = (long) edge.caller() << 32 | edge.callee();
      edges.merge(key, edge.nats(), Double::sum);
      calls.merge(key, edge.calls(), Long::sum);
      slow.merge(key, edge.slow(), Long::sum);
    }
    for (TickEvidence.Cut cut : tick.cuts()) {
      cuts.merge((long) cut.service() << 32 | cut.lastChildService(), cut.count(), Long::sum);
    }
  }

  /** The services with any evidence, the most first; ties by name. */
  List<Ranked> rank(IntFunction<String> name) {
    Map<Integer, Double> scores = new TreeMap<>(own);
    Map<Integer, Double> worstOut = new HashMap<>();
    Map<Integer, Integer> worstCaller = new HashMap<>();
    Map<Integer, Double> worstIn = new HashMap<>();
    edges.forEach(
        (key, nats) -> {
          int caller = (int) (key >>> 32);
          int callee = (int) (long) key;
          double unexplained = nats * unexplained(key);
          scores.merge(caller, nats, Double::sum);
          scores.merge(callee, unexplained, Double::sum);
          worstOut.merge(caller, nats, Math::max);
          if (unexplained > worstIn.getOrDefault(callee, 0.0)) {
            worstIn.put(callee, unexplained);
            worstCaller.put(callee, caller);
          }
        });
    worstOut.forEach((caller, nats) -> scores.merge(caller, -nats, Double::sum));
    structure.forEach((service, nats) -> blame(service, nats, scores));
    double total = scores.values().stream().mapToDouble(score -> Math.max(0, score)).sum();
    List<Ranked> ranked = new ArrayList<>();
    scores.forEach(
        (service, score) -> {
          if (score > 0) {
            boolean onEdge = worstIn.getOrDefault(service, 0.0) > score / 2;
            int caller = onEdge ? worstCaller.getOrDefault(service, -1) : -1;
            ranked.add(new Ranked(service, caller, score, Math.min(1, score / total)));
          }
        });
    ranked.sort(
        Comparator.comparingDouble((Ranked one) -> -one.score())
            .thenComparing(one -> name.apply(one.service())));
    return ranked;
  }

  /**
   * The part of an edge's evidence against its callee: what is beyond the share of slow calls that
   * the caller has on its other edges. A starved caller is slow on all of them alike.
   */
  private double unexplained(long edge) {
    long ownCalls = calls.getOrDefault(edge, 0L);
    long ownSlow = slow.getOrDefault(edge, 0L);
    long otherCalls = 0;
    long otherSlow = 0;
    for (Map.Entry<Long, Long> other : calls.entrySet()) {
      if (other.getKey() >>> 32 == edge >>> 32 && other.getKey() != edge) {
        otherCalls += other.getValue();
        otherSlow += slow.getOrDefault(other.getKey(), 0L);
      }
    }
    double usual = Divergence.above(ownSlow, ownCalls, NORMALLY_SLOW);
    if (otherCalls < CALLS_TO_COMPARE || usual <= 0) {
      return 1;
    }
    double others = Math.min(0.99, Math.max(NORMALLY_SLOW, otherSlow / (double) otherCalls));
    return Divergence.above(ownSlow, ownCalls, others) / usual;
  }

  private void blame(int service, double nats, Map<Integer, Double> scores) {
    if (nats <= 0) {
      return;
    }
    long total = 0;
    for (Map.Entry<Long, Long> cut : cuts.entrySet()) {
      total += (int) (cut.getKey() >>> 32) == service ? cut.getValue() : 0;
    }
    if (total == 0) {
      scores.merge(service, nats, Double::sum);
      return;
    }
    double ownShare = total / (double) Math.max(1, structureSpans.getOrDefault(service, 0L));
    for (Map.Entry<Long, Long> cut : cuts.entrySet()) {
      if ((int) (cut.getKey() >>> 32) == service) {
        int last = (int) (long) cut.getKey();
        double share = cut.getValue() / (double) Math.max(1, calls.getOrDefault(cut.getKey(), 0L));
        int blamed = last != service && share > CUT_BLAME * ownShare ? last : service;
        scores.merge(blamed, nats * cut.getValue() / total, Double::sum);
      }
    }
  }

  /** The channel with the most evidence against a service, among those seen in its alarms. */
  static Channel strongest(Map<Channel, Double> byChannel) {
    return byChannel.entrySet().stream()
        .max(
            Map.Entry.<Channel, Double>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse(Channel.SELF_TIME);
  }
}
