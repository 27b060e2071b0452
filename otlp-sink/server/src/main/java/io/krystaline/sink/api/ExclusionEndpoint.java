package io.krystaline.sink.api;

import io.krystaline.engine.incident.Incident;
import io.krystaline.platform.http.HttpException;
import io.krystaline.platform.http.HttpRequest;
import io.krystaline.sink.incident.Excluder;
import io.krystaline.sink.incident.ExclusionResult;
import io.krystaline.sink.recalculate.Recalculator;
import io.krystaline.sink.store.Exclusion;
import io.krystaline.sink.store.ExclusionStore;
import io.krystaline.sink.store.IncidentEntry;
import io.krystaline.sink.store.IncidentStores;
import io.krystaline.sink.store.RecalculationStart;
import io.krystaline.sink.view.EpochNanos;
import io.krystaline.sink.view.ExcludedView;
import io.krystaline.sink.view.ExclusionView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Takes the time of an incident out of what was learned: keeps an exclusion, takes it out of the
 * baselines in use, and begins a recalculation that leaves its hours out. May block on the store.
 */
final class ExclusionEndpoint {
  private static final Duration LENGTH_MAX = Duration.ofDays(31);

  private final IncidentStores stores;
  private final Excluder excluder;
  private final Recalculator recalculator;
  private final IncidentReader reader;
  private final ActionBodies bodies;
  private final InstantSource clock;

  ExclusionEndpoint(
      IncidentStores stores,
      Excluder excluder,
      Recalculator recalculator,
      IncidentReader reader,
      ActionBodies bodies,
      InstantSource clock) {
    this.stores = stores;
    this.excluder = excluder;
    this.recalculator = recalculator;
    this.reader = reader;
    this.bodies = bodies;
    this.clock = clock;
  }

  /** The body of a request. */
  record ExcludeBody(
      @Nullable String by,
      @Nullable String reason,
      @Nullable Instant from,
      @Nullable Instant until) {}

  /**
   * Excludes from the onset of an incident to its end, to its last state while it is open, or what
   * the request says.
   */
  ExcludedView exclude(HttpRequest request) {
    ExcludeBody body = bodies.read(request, ExcludeBody.class);
    String by = ActionBodies.who(body.by);
    String reason = ActionBodies.optional("reason", body.reason);
    Incident incident = reader.require(request).incident();
    Exclusion kept =
        stores
            .exclusions()
            .create(draft(incident, body, by, reason))
            .orElseThrow(
                () ->
                    new HttpException(
                        409, "there are too many exclusions: " + ExclusionStore.EXCLUSIONS_MAX));
    var _ =
        stores
            .incidents()
            .note(
                incident.id(),
                IncidentEntry.Action.EXCLUDED,
                by,
                "from %s until %s"
                    .formatted(
                        EpochNanos.toInstant(kept.fromNanos()),
                        EpochNanos.toInstant(kept.untilNanos())));
    ExclusionResult result = excluder.exclude(kept);
    String recalculation =
        switch (recalculator.requestFresh()) {
          case RecalculationStart.Started _ -> "started";
          case RecalculationStart.AlreadyRunning _ -> "follows";
        };
    return new ExcludedView(
        ExclusionView.of(kept), result.operations(), result.text(), recalculation);
  }

  private Exclusion draft(Incident incident, ExcludeBody body, String by, String reason) {
    long from =
        body.from != null
            ? EpochNanos.of(body.from)
            : Math.min(incident.onsetNanos(), incident.startNanos());
    long until =
        body.until != null
            ? EpochNanos.of(body.until)
            : Math.max(
                incident.isOpen() ? incident.updatedNanos() : incident.endNanos(),
                incident.startNanos() + 1);
    if (from >= until) {
      throw new HttpException(400, "'from' must be before 'until'");
    }
    Duration length = Duration.between(EpochNanos.toInstant(from), EpochNanos.toInstant(until));
    if (length.compareTo(LENGTH_MAX) > 0) {
      throw new HttpException(
          400, "at most %d days can be excluded at once".formatted(LENGTH_MAX.toDays()));
    }
    return new Exclusion(
        0,
        incident.id(),
        incident.services(),
        incident.operations(),
        from,
        until,
        by,
        clock.instant(),
        reason);
  }
}
