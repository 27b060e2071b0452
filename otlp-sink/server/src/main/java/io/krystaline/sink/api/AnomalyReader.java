package io.krystaline.sink.api;

import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import io.krystaline.platform.http.HttpException;
import io.krystaline.platform.http.HttpRequest;
import io.krystaline.sink.store.AnomalyCursor;
import io.krystaline.sink.store.AnomalyFilter;
import io.krystaline.sink.store.AnomalyStore;
import io.krystaline.sink.store.Page;
import io.krystaline.sink.view.AnomalyView;
import io.krystaline.sink.view.EpochNanos;
import io.krystaline.sink.view.PageView;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Answers {@code anomalies} and {@code anomalies/{id}}. May block on the store. */
final class AnomalyReader {
  private static final int TRACE_ID_LENGTH = 32;

  private final ApiSettings settings;
  private final AnomalyStore store;
  private final InstantSource clock;

  AnomalyReader(ApiSettings settings, AnomalyStore store, InstantSource clock) {
    this.settings = settings;
    this.store = store;
    this.clock = clock;
  }

  /** Without a time: the active ones. With one: all that are kept, by start time. */
  PageView<AnomalyView> list(HttpRequest request) {
    ApiParameters parameters =
        ApiParameters.of(
            request.query(),
            "service",
            "operation",
            "minSeverity",
            "from",
            "until",
            "limit",
            "cursor");
    Optional<Instant> from = parameters.time("from");
    Optional<Instant> until = parameters.time("until");
    AnomalyFilter filter = ApiParameters.between(parameters.filter(), from, until);
    if (from.isEmpty() && until.isEmpty()) {
      filter = active(filter);
    }
    int limit = parameters.number("limit", 1, settings.itemsMax(), settings.itemsDefault());
    Optional<AnomalyCursor> cursor =
        parameters.read("cursor", "the nextCursor of a page", AnomalyCursor::decode);
    Page<Anomaly> page = store.find(filter, limit, cursor.orElse(null));
    AnomalyCursor next = page.nextCursor();
    return new PageView<>(
        page.items().stream().map(AnomalyView::of).toList(), next == null ? null : next.encode());
  }

  AnomalyView one(HttpRequest request) {
    ApiParameters.of(request.query());
    String id = request.pathParameter("id");
    return parse(id)
        .flatMap(parsed -> store.byId(parsed.traceId(), parsed.spanId()))
        .map(AnomalyView::of)
        .orElseThrow(
            () -> new HttpException(404, "no anomaly '" + ApiParameters.printable(id) + "'"));
  }

  /** The filter, for those that are active now. */
  AnomalyFilter active(AnomalyFilter filter) {
    return filter.detectedSince(EpochNanos.of(clock.instant().minus(settings.activeFor())));
  }

  private record Id(TraceId traceId, SpanId spanId) {}

  private static Optional<Id> parse(String id) {
    if (id.length() <= TRACE_ID_LENGTH || id.charAt(TRACE_ID_LENGTH) != '-') {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Id(
              TraceId.parse(id.substring(0, TRACE_ID_LENGTH)),
              SpanId.parse(id.substring(TRACE_ID_LENGTH + 1))));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // an id of another form names nothing
    }
  }
}
