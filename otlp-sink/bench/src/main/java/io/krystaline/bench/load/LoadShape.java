package io.krystaline.bench.load;

/**
 * What the simulated system looks like.
 *
 * @param services how many services, 1 to 1,000; 20
 * @param operations operations of all services together, from the number of services on; 200
 * @param batch spans a message; 512
 * @param eventShare the share of spans with an event; 0.05
 * @param sigma the standard deviation of the logarithm of durations; 0.4
 * @param seed what makes it the same each time
 */
public record LoadShape(
    int services, int operations, int batch, double eventShare, double sigma, long seed) {
  /** The defaults. */
  public static final LoadShape DEFAULTS = new LoadShape(20, 200, 512, 0.05, 0.4, 20261121);

  public LoadShape {
    if (services < 1 || services > 1_000) {
      throw new IllegalArgumentException("services is " + services + ", it must be 1 to 1,000");
    }
    if (operations < services || operations > 1_000_000) {
      throw new IllegalArgumentException(
          "operations is " + operations + ", it must be the number of services to 1,000,000");
    }
    if (batch < 1 || batch > 100_000) {
      throw new IllegalArgumentException("batch is " + batch + ", it must be 1 to 100,000");
    }
    if (!(eventShare >= 0 && eventShare <= 1)) {
      throw new IllegalArgumentException("eventShare is " + eventShare + ", it must be 0 to 1");
    }
    if (!(sigma >= 0 && sigma <= 3)) {
      throw new IllegalArgumentException("sigma is " + sigma + ", it must be 0 to 3");
    }
  }

  /** The same with another number of operations; fewer services where there would be too many. */
  public LoadShape withOperations(int newOperations) {
    return new LoadShape(
        Math.min(services, newOperations), newOperations, batch, eventShare, sigma, seed);
  }

  /** The same with another number of spans a message. */
  public LoadShape withBatch(int newBatch) {
    return new LoadShape(services, operations, newBatch, eventShare, sigma, seed);
  }
}
