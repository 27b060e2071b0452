package io.krystaline.sink.api;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.incident.Priority;
import io.krystaline.engine.span.TraceId;
import io.krystaline.platform.http.HttpException;
import io.krystaline.platform.http.HttpRequest;
import io.krystaline.sink.store.IncidentCursor;
import io.krystaline.sink.store.IncidentFilter;
import io.krystaline.sink.store.IncidentPage;
import io.krystaline.sink.store.IncidentStores;
import io.krystaline.sink.store.Silence;
import io.krystaline.sink.store.StoredIncident;
import io.krystaline.sink.view.EpochNanos;
import io.krystaline.sink.view.IncidentDetailView;
import io.krystaline.sink.view.IncidentItemView;
import io.krystaline.sink.view.PageView;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Answers {@code incidents} and {@code incidents/{id}}. May block on the store. */
final class IncidentReader {
  private final ApiSettings settings;
  private final IncidentStores stores;
  private final InstantSource clock;

  IncidentReader(ApiSettings settings, IncidentStores stores, InstantSource clock) {
    this.settings = settings;
    this.stores = stores;
    this.clock = clock;
  }

  PageView<IncidentItemView> list(HttpRequest request) {
    ApiParameters parameters =
        ApiParameters.of(
            request.query(),
            "state",
            "service",
            "operation",
            "minSeverity",
            "priority",
            "from",
            "until",
            "limit",
            "cursor");
    IncidentFilter filter = filter(parameters);
    int limit = parameters.number("limit", 1, settings.itemsMax(), settings.itemsDefault());
    Optional<IncidentCursor> cursor =
        parameters.read("cursor", "the nextCursor of a page", IncidentCursor::decode);
    IncidentPage page = stores.incidents().find(filter, limit, cursor.orElse(null));
    List<Silence> silences = page.items().isEmpty() ? List.of() : activeSilences();
    IncidentCursor next = page.nextCursor();
    return new PageView<>(
        page.items().stream()
            .map(stored -> IncidentItemView.of(stored, isSilenced(silences, stored.incident())))
            .toList(),
        next == null ? null : next.encode());
  }

  private static IncidentFilter filter(ApiParameters parameters) {
    Optional<Instant> from = parameters.time("from");
    Optional<Instant> until = parameters.time("until");
    if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
      throw ApiParameters.bad("the parameter from must be before until");
    }
    return IncidentFilter.ALL
        .state(
            parameters
                .word("state", List.of("open", "closed", "all"))
                .map(word -> IncidentFilter.State.valueOf(word.toUpperCase(Locale.ROOT)))
                .orElse(IncidentFilter.State.OPEN))
        .service(parameters.text("service").orElse(null))
        .operation(parameters.text("operation").orElse(null))
        .minSeverity(parameters.minSeverity().orElse(null))
        .priority(parameters.read("priority", "one of P0, P1, P2", Priority::valueOf).orElse(null))
        .between(from.map(EpochNanos::of).orElse(null), until.map(EpochNanos::of).orElse(null));
  }

  IncidentDetailView one(HttpRequest request) {
    ApiParameters.of(request.query());
    return detail(require(request));
  }

  /** The incident that the path names; 404 where there is none. */
  StoredIncident require(HttpRequest request) {
    String id = request.pathParameter("id");
    return stores.incidents().byId(id).orElseThrow(() -> unknown(id));
  }

  static HttpException unknown(String id) {
    return new HttpException(404, "no incident '" + ApiParameters.printable(id) + "'");
  }

  /** All that is kept of an incident. */
  IncidentDetailView detail(StoredIncident stored) {
    Incident incident = stored.incident();
    return IncidentDetailView.of(
        stored,
        isSilenced(activeSilences(), incident),
        stores.incidents().entries(incident.id()),
        stores.exclusions().ofIncident(incident.id()),
        new IncidentDetailView.LinksView(
            IncidentApi.BASE + "incidents/" + incident.id(),
            paths(incident.sampleTraces()),
            paths(incident.normalTraces())));
  }

  private static List<String> paths(List<TraceId> traces) {
    return traces.stream().map(id -> IncidentApi.BASE + "traces/" + id).toList();
  }

  private List<Silence> activeSilences() {
    return stores.silences().active(clock.instant());
  }

  private static boolean isSilenced(List<Silence> active, Incident incident) {
    return active.stream().anyMatch(silence -> silence.covers(incident));
  }
}
