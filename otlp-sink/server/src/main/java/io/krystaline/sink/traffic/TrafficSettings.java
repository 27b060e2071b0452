package io.krystaline.sink.traffic;

/**
 * How much traffic, of which shop.
 *
 * @param seed decides everything: the same seed gives the same spans
 * @param tracesPerSecond traces begun a second on an average weekday, before sampling; one has
 *     about eleven spans
 * @param sampledShare share of the traces that is kept whole, as a head sampler does, 0 to 1
 */
public record TrafficSettings(long seed, double tracesPerSecond, double sampledShare) {
  public TrafficSettings {
    if (!(tracesPerSecond > 0 && tracesPerSecond <= 100_000)) {
      throw new IllegalArgumentException(
          "traces a second are more than 0 and at most 100,000, not " + tracesPerSecond);
    }
    if (!(sampledShare > 0 && sampledShare <= 1)) {
      throw new IllegalArgumentException(
          "the sampled share is more than 0 and at most 1, not " + sampledShare);
    }
  }
}
