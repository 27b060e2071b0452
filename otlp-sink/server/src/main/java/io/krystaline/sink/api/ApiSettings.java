package io.krystaline.sink.api;

import java.time.Duration;
import java.util.Set;

/**
 * The limits of the API. Start from {@link #defaults}.
 *
 * @param activeFor an anomaly counts as active for this long after its detection; 1 hour
 * @param silentAfter a service of which nothing came in for this long is silent; 5 minutes
 * @param degradedShare a service is degraded when more than this share of its spans of late is at
 *     SEV1 or SEV2; 0.05, as about 0.01 are by definition in normal times
 * @param degradedAnomalies and when there are at least this many of them; 5
 * @param itemsDefault items of a page when a request doesn't say; 50
 * @param itemsMax most items of a page; 500
 * @param historyRowsMax most rows of a history; 1,000
 * @param liveSessionsMax live streams at once; 256
 * @param liveQueueMax anomalies that wait to be pushed; more are dropped, counted and told; 10,000
 * @param origins origins of web pages that may use the API besides its own; none
 */
public record ApiSettings(
    Duration activeFor,
    Duration silentAfter,
    double degradedShare,
    int degradedAnomalies,
    int itemsDefault,
    int itemsMax,
    int historyRowsMax,
    int liveSessionsMax,
    int liveQueueMax,
    Set<String> origins) {
  public ApiSettings {
    origins = Set.copyOf(origins);
    if (!activeFor.isPositive() || !silentAfter.isPositive()) {
      throw new IllegalArgumentException(
          "activeFor " + activeFor + " and silentAfter " + silentAfter + " must be positive");
    }
    if (!(degradedShare > 0 && degradedShare <= 1)) {
      throw new IllegalArgumentException("degradedShare is " + degradedShare + ", not in (0, 1]");
    }
    atLeastOne("degradedAnomalies", degradedAnomalies);
    atLeastOne("itemsDefault", itemsDefault);
    atLeastOne("itemsMax", itemsMax);
    atLeastOne("historyRowsMax", historyRowsMax);
    atLeastOne("liveSessionsMax", liveSessionsMax);
    atLeastOne("liveQueueMax", liveQueueMax);
    if (itemsDefault > itemsMax) {
      throw new IllegalArgumentException(
          "itemsDefault " + itemsDefault + " is above itemsMax " + itemsMax);
    }
  }

  /** The defaults. */
  public static ApiSettings defaults() {
    return new ApiSettings(
        Duration.ofHours(1), Duration.ofMinutes(5), 0.05, 5, 50, 500, 1_000, 256, 10_000, Set.of());
  }

  /** These settings with other origins. */
  public ApiSettings withOrigins(Set<String> allowed) {
    return new ApiSettings(
        activeFor,
        silentAfter,
        degradedShare,
        degradedAnomalies,
        itemsDefault,
        itemsMax,
        historyRowsMax,
        liveSessionsMax,
        liveQueueMax,
        allowed);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", at least 1 is needed");
    }
  }
}
