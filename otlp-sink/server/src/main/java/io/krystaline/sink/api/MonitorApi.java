package io.krystaline.sink.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.platform.http.Admission;
import io.krystaline.platform.http.HttpHandler;
import io.krystaline.platform.http.HttpRequestHead;
import io.krystaline.platform.http.HttpResponse;
import io.krystaline.platform.http.HttpService;
import io.krystaline.platform.http.JsonBodies;
import io.krystaline.platform.http.Router;
import io.krystaline.platform.http.WebSocketSettings;
import io.krystaline.platform.telemetry.MetricsPage;
import io.krystaline.sink.checkpoint.ServiceWindows;
import io.krystaline.sink.recalculate.RecalculationSchedule;
import io.krystaline.sink.recalculate.Recalculator;
import io.krystaline.sink.store.AnomalyStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * The whole HTTP API of the sink: {@code /api/monitor}, the probes, the metrics and the OpenAPI
 * document. To be wrapped by the filters for origins and tokens. Reads run on virtual threads and
 * see what is committed. Safe on every thread.
 */
public final class MonitorApi implements HttpService {
  /** Where a WebSocket gets new anomalies and changes of incidents. */
  public static final String LIVE_PATH = "/api/monitor/live";

  private static final String BASE = "/api/monitor/";
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

  private final JsonBodies json;
  private final OriginGuard origins;
  private final ApiRoutes routes;
  private final Router router;

  /** What the API reads from and acts on. */
  public record Sources(
      OperationDirectory directory,
      ServiceWindows windows,
      AnomalyStore anomalies,
      Recalculator recalculator,
      RecalculationSchedule schedule,
      LiveFeed live,
      IncidentApi.Sources incidents,
      Readiness readiness,
      MetricsPage metrics) {}

  /** The API over these sources. */
  public MonitorApi(
      ApiSettings settings, Sources sources, ObjectMapper mapper, InstantSource clock) {
    json = new JsonBodies(mapper);
    routes = new ApiRoutes(json);
    origins = new OriginGuard(settings.origins());
    AnomalyReader anomalies = new AnomalyReader(settings, sources.anomalies, clock);
    BaselineReader baselines = new BaselineReader(settings, sources.directory, clock);
    HistoryReader history =
        new HistoryReader(settings, sources.anomalies, clock, sources.directory.settings().zone());
    HealthReader health =
        new HealthReader(
            settings,
            sources.directory,
            sources.windows,
            sources.anomalies,
            sources.recalculator,
            clock);
    TraceReader traces = new TraceReader(sources.anomalies);
    RecalculationEndpoint recalculation =
        new RecalculationEndpoint(sources.recalculator, sources.schedule);
    probes(sources.readiness);
    metrics(sources.metrics);
    document();
    routes.get(BASE + "health", health::read);
    routes.get(BASE + "baselines", baselines::list);
    routes.get(BASE + "baselines/{operation}/hours", baselines::hours);
    routes.get(BASE + "anomalies", anomalies::list);
    routes.get(BASE + "anomalies/{id}", anomalies::one);
    routes.get(BASE + "history", history::read);
    routes.get(BASE + "traces/{traceId}", traces::read);
    routes.get(BASE + "recalculate", recalculation::state);
    routes.post(
        BASE + "recalculate",
        request ->
            json.write(202, recalculation.begin(request))
                .withHeader("location", BASE + "recalculate"));
    new IncidentApi(settings, sources.incidents, sources.recalculator, mapper, clock).addTo(routes);
    routes.webSocket(
        LIVE_PATH, WebSocketSettings.defaults().withOrigins(settings.origins()), sources.live);
    router = routes.router();
  }

  @Override
  public Admission admit(HttpRequestHead head) {
    if (!SAFE_METHODS.contains(head.method())) {
      origins.check(head);
    }
    Admission admission = router.admit(head);
    if (admission instanceof Admission.OpenWebSocket) {
      var _ = LiveFilter.of(head.query()); // a bad query is refused before the handshake
    }
    return admission;
  }

  @Override
  public HttpResponse decorate(HttpRequestHead head, HttpResponse response) {
    return router
        .decorate(head, response)
        .withHeader("cache-control", "no-store")
        .withHeader("x-content-type-options", "nosniff")
        .withHeader("referrer-policy", "no-referrer");
  }

  /** Every method and pattern that is served, for example {@code GET /health}. */
  List<String> routes() {
    return routes.names();
  }

  private void probes(Readiness readiness) {
    HttpHandler probe =
        exchange -> {
          ApiParameters.of(exchange.request().query());
          Readiness.Probe answer = readiness.probe();
          int status = answer.state() == Readiness.State.READY ? 200 : 503;
          exchange.respond(
              json.write(status, new ProbeView(answer.state().label(), answer.detail())));
        };
    routes.add("GET", "/health", probe);
    routes.add("GET", "/ready", probe);
  }

  /** The body of a probe. */
  record ProbeView(String status, String detail) {}

  private void metrics(MetricsPage page) {
    routes.add(
        "GET",
        "/metrics",
        HttpHandler.blocking(
            request -> {
              MetricsPage.Rendered rendered = page.render(request.header("accept").orElse(null));
              return HttpResponse.of(200, rendered.contentType(), rendered.body());
            }));
  }

  private void document() {
    byte[] document = OpenApiDocument.read();
    routes.add(
        "GET",
        "/api/openapi.json",
        exchange -> exchange.respond(HttpResponse.of(200, "application/json", document)));
  }
}
