package io.krystaline.bench.load;

import java.util.ArrayList;
import java.util.List;

/** Builds the pools of simulated traffic, one for each connection. */
public final class SimulatedLoad {
  private static final int POOL_SPANS_MIN = 32_768;
  private static final int TIMES_MAX = 4_000_000;
  private static final int VARIANTS_MAX = 64;

  private SimulatedLoad() {}

  /** The load of a simulated system; see {@link #pools}. */
  public static Load of(
      LoadShape shape,
      Encoding encoding,
      int connections,
      int inFlight,
      long idSeed,
      EventClock clock) {
    return new Load(
        pools(shape, encoding, connections, inFlight, idSeed, clock),
        SingleSpan.operations(shape),
        shape.operations());
  }

  /**
   * Pools that share no ids.
   *
   * @param inFlight messages that may be under way on each connection
   * @param idSeed what ids are made of; another for each run, where a receiver sees more than one
   */
  public static List<BatchPool> pools(
      LoadShape shape,
      Encoding encoding,
      int connections,
      int inFlight,
      long idSeed,
      EventClock clock) {
    int windowSpans = WindowBuilder.BATCHES * shape.batch();
    int needed = Math.max(POOL_SPANS_MIN, 4 * shape.operations());
    int windowsPerConnection =
        Math.max(
            Math.ceilDiv(2 * inFlight, WindowBuilder.BATCHES),
            Math.ceilDiv(needed, windowSpans * connections));
    int variants =
        Math.clamp(
            TIMES_MAX / ((long) windowSpans * windowsPerConnection * connections), 1, VARIANTS_MAX);
    WindowBuilder builder = new WindowBuilder(shape, encoding, new Topology(shape), variants);
    List<BatchPool> pools = new ArrayList<>();
    for (int connection = 0; connection < connections; connection++) {
      List<Window> windows = new ArrayList<>();
      for (int window = 0; window < windowsPerConnection; window++) {
        windows.add(builder.build());
      }
      // Far enough apart that serial numbers of two connections never meet.
      pools.add(new BatchPool(windows, encoding, idSeed + ((connection + 1L) << 48), clock));
    }
    return pools;
  }
}
