package io.krystaline.sink.checkpoint;

import io.krystaline.engine.baseline.HourStatistics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * The durations of each service's spans that arrived of late: of the last one to two half windows.
 * The checkpoint adds what it drains. Thread-safe.
 *
 * <p>Memory: two {@link HourStatistics} a service, some kilobytes each; services are bounded by the
 * directory.
 */
public final class ServiceWindows {
  private final InstantSource clock;
  private final Duration half;

  // Guarded by this.
  private Map<String, HourStatistics> newer = new HashMap<>();
  private Map<String, HourStatistics> older = new HashMap<>();
  private Instant newerSince;
  private Instant olderSince;

  /**
   * What arrived since a time.
   *
   * @param since when the window began; later than a window ago only after a start
   * @param services by service; those that sent nothing are missing
   */
  public record Window(Instant since, Map<String, HourStatistics> services) {
    public Window {
      services = Map.copyOf(services);
    }
  }

  /** Windows that look back half to all of this time. */
  public ServiceWindows(InstantSource clock, Duration window) {
    if (!window.isPositive()) {
      throw new IllegalArgumentException("the window " + window + " must be positive");
    }
    this.clock = clock;
    half = window.dividedBy(2);
    newerSince = clock.instant();
    olderSince = newerSince;
  }

  /** Adds durations that arrived just now; the statistics stay the caller's. */
  synchronized void add(String service, HourStatistics arrived) {
    rotate();
    newer.computeIfAbsent(service, absent -> new HourStatistics()).merge(arrived);
  }

  /** What arrived of late. */
  public synchronized Window read() {
    rotate();
    Map<String, HourStatistics> sums = new HashMap<>();
    older.forEach((service, statistics) -> sums.put(service, statistics.copy()));
    newer.forEach(
        (service, statistics) ->
            sums.computeIfAbsent(service, absent -> new HourStatistics()).merge(statistics));
    return new Window(olderSince, sums);
  }

  private void rotate() {
    Instant now = clock.instant();
    if (now.isBefore(newerSince.plus(half))) {
      return;
    }
    boolean longAgo = !now.isBefore(newerSince.plus(half).plus(half));
    older = longAgo ? new HashMap<>() : newer;
    olderSince = longAgo ? now : newerSince;
    newer = new HashMap<>();
    newerSince = now;
  }
}
