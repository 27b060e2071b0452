package io.krystaline.engine.detect;

import java.util.ArrayList;
import java.util.List;

/**
 * The raw evidence of one tick, from which suspects are ranked.
 *
 * @param tick the tick
 * @param streams evidence of the blocks of streams that closed with it, where it is more than 0
 * @param edges the same of edges between services, with all their calls
 * @param cuts spans with missing or unusual children, by service and the service of their last
 *     child
 */
public record TickEvidence(long tick, List<OfStream> streams, List<OfEdge> edges, List<Cut> cuts) {
  /** A tick without evidence yet, to be filled. */
  static TickEvidence empty(long tick) {
    return new TickEvidence(tick, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /**
   * Evidence of a stream.
   *
   * @param nats more than 0
   * @param spans observations in the block
   */
  public record OfStream(int service, Channel channel, double nats, long spans) {}

  /**
   * Calls on an edge.
   *
   * @param nats evidence that they are slow, 0 or more
   * @param calls how many
   * @param slow those of them that are slower than nine in ten normal calls
   */
  public record OfEdge(int caller, int callee, double nats, long calls, long slow) {}

  /** Spans of a service that were cut after a child of a service. */
  public record Cut(int service, int lastChildService, long count) {}
}
