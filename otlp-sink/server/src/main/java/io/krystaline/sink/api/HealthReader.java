package io.krystaline.sink.api;

import io.krystaline.engine.baseline.HourStatistics;
import io.krystaline.engine.baseline.Operation;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.baseline.RecentActivity;
import io.krystaline.engine.score.Severity;
import io.krystaline.platform.http.HttpRequest;
import io.krystaline.sink.checkpoint.ServiceWindows;
import io.krystaline.sink.recalculate.Recalculator;
import io.krystaline.sink.store.AnomalyFilter;
import io.krystaline.sink.store.AnomalyStore;
import io.krystaline.sink.view.EpochNanos;
import io.krystaline.sink.view.HealthView;
import io.krystaline.sink.view.RecalculationRunView;
import io.krystaline.sink.view.ServiceHealthView;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Answers {@code health}: the live figures of the engine beside counts of the store. */
final class HealthReader {
  private static final String LEARNING = "learning";
  private static final String SILENT = "silent";
  private static final String DEGRADED = "degraded";
  private static final String HEALTHY = "healthy";

  private final ApiSettings settings;
  private final OperationDirectory directory;
  private final ServiceWindows windows;
  private final AnomalyStore store;
  private final Recalculator recalculator;
  private final InstantSource clock;

  HealthReader(
      ApiSettings settings,
      OperationDirectory directory,
      ServiceWindows windows,
      AnomalyStore store,
      Recalculator recalculator,
      InstantSource clock) {
    this.settings = settings;
    this.directory = directory;
    this.windows = windows;
    this.store = store;
    this.recalculator = recalculator;
    this.clock = clock;
  }

  /** What the engine knows of one service. */
  private static final class Live {
    private double rate;
    private long lastSeenNanos;
    private int operations;
    private boolean learned;

    void add(RecentActivity recent, boolean hasBaseline) {
      operations++;
      rate += recent.spansPerSecond();
      learned |= hasBaseline;
      if (Long.compareUnsigned(recent.lastSeenNanos(), lastSeenNanos) > 0) {
        lastSeenNanos = recent.lastSeenNanos();
      }
    }
  }

  /** What the store and the windows know of all services. */
  private record Counts(
      Map<String, Long> active,
      Map<String, Long> severe,
      Map<String, Long> severeOfLate,
      Map<String, HourStatistics> durations) {}

  HealthView read(HttpRequest request) {
    ApiParameters.of(request.query());
    Instant now = clock.instant();
    Counts counts = counts(now);
    List<ServiceHealthView> services = new ArrayList<>();
    live(EpochNanos.of(now))
        .forEach((service, live) -> services.add(view(service, live, counts, now)));
    return new HealthView(
        overall(services),
        now,
        counts.active.values().stream().mapToLong(Long::longValue).sum(),
        recalculator.latest(1).stream().findFirst().map(RecalculationRunView::of).orElse(null),
        services,
        null);
  }

  private Counts counts(Instant now) {
    AnomalyFilter active =
        AnomalyFilter.ALL.detectedSince(EpochNanos.of(now.minus(settings.activeFor())));
    ServiceWindows.Window window = windows.read();
    return new Counts(
        store.countByService(active),
        store.countByService(active.minSeverity(Severity.MAJOR)),
        store.countByService(
            AnomalyFilter.ALL
                .minSeverity(Severity.MAJOR)
                .detectedSince(EpochNanos.of(window.since()))),
        window.services());
  }

  /** By name. An {@code other} operation that took nothing is no operation to show. */
  private Map<String, Live> live(long nowNanos) {
    Map<String, Live> services = new TreeMap<>();
    for (Operation operation : directory.operations()) {
      RecentActivity recent = operation.recent(nowNanos);
      boolean hasBaseline = !operation.baseline().isLearning();
      if (hasBaseline || recent.lastSeenNanos() != 0) {
        services
            .computeIfAbsent(operation.key().service(), absent -> new Live())
            .add(recent, hasBaseline);
      }
    }
    return services;
  }

  private ServiceHealthView view(String service, Live live, Counts counts, Instant now) {
    Instant lastSeen = live.lastSeenNanos == 0 ? null : EpochNanos.toInstant(live.lastSeenNanos);
    HourStatistics durations = counts.durations.get(service);
    boolean silent = lastSeen == null || lastSeen.isBefore(now.minus(settings.silentAfter()));
    return new ServiceHealthView(
        service,
        status(live, silent, counts.severeOfLate.getOrDefault(service, 0L), durations),
        silent ? 0 : live.rate,
        durations == null ? null : durations.meanNanos() / 1e6,
        durations == null ? null : durations.quantileNanos(0.95) / 1e6,
        counts.active.getOrDefault(service, 0L),
        counts.severe.getOrDefault(service, 0L),
        lastSeen,
        live.operations);
  }

  private String status(
      Live live, boolean silent, long severe, @Nullable HourStatistics durations) {
    if (!live.learned) {
      return LEARNING;
    }
    if (silent) {
      return SILENT;
    }
    long spans = durations == null ? 0 : durations.count();
    boolean degraded =
        severe >= settings.degradedAnomalies() && severe > settings.degradedShare() * spans;
    return degraded ? DEGRADED : HEALTHY;
  }

  private static String overall(List<ServiceHealthView> services) {
    if (services.isEmpty()) {
      return "idle";
    }
    List<String> states = services.stream().map(ServiceHealthView::status).distinct().toList();
    if (states.contains(DEGRADED)) {
      return DEGRADED;
    }
    return states.size() == 1 ? states.getFirst() : HEALTHY;
  }
}
