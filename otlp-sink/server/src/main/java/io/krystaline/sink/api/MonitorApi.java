package io.krystaline.sink.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.platform.db.DatabaseUnavailableException;
import io.krystaline.platform.http.Admission;
import io.krystaline.platform.http.HttpError;
import io.krystaline.platform.http.HttpException;
import io.krystaline.platform.http.HttpHandler;
import io.krystaline.platform.http.HttpRequest;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The whole HTTP API of the sink: {@code /api/monitor}, the probes, the metrics and the OpenAPI
 * document. To be wrapped by the filters for origins and tokens. Reads run on virtual threads and
 * see what is committed. Safe on every thread.
 */
public final class MonitorApi implements HttpService {
  /** Where a WebSocket gets new anomalies. */
  public static final String LIVE_PATH = "/api/monitor/live";

  private static final String BASE = "/api/monitor/";
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");
  private static final String RETRY_AFTER_SECONDS = "1";

  private final JsonBodies json;
  private final OriginGuard origins;
  private final Router router;
  private final List<String> routes = new ArrayList<>();
  private final Router.Builder builder = Router.builder();

  /** What the API reads from and acts on. */
  public record Sources(
      OperationDirectory directory,
      ServiceWindows windows,
      AnomalyStore anomalies,
      Recalculator recalculator,
      RecalculationSchedule schedule,
      LiveFeed live,
      Readiness readiness,
      MetricsPage metrics) {}

  /** The API over these sources. */
  public MonitorApi(
      ApiSettings settings, Sources sources, ObjectMapper mapper, InstantSource clock) {
    json = new JsonBodies(mapper);
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
    get(BASE + "health", health::read);
    get(BASE + "baselines", baselines::list);
    get(BASE + "baselines/{operation}/hours", baselines::hours);
    get(BASE + "anomalies", anomalies::list);
    get(BASE + "anomalies/{id}", anomalies::one);
    get(BASE + "history", history::read);
    get(BASE + "traces/{traceId}", traces::read);
    get(BASE + "recalculate", recalculation::state);
    post(
        BASE + "recalculate",
        request ->
            json.write(202, recalculation.begin(request))
                .withHeader("location", BASE + "recalculate"));
    live(settings, sources.live);
    router = builder.build();
  }

  @Override
  public Admission admit(HttpRequestHead head) {
    if (!SAFE_METHODS.contains(head.method())) {
      origins.check(head);
    }
    Admission admission = router.admit(head);
    if (admission instanceof Admission.OpenWebSocket) {
      LiveFeed.filterOf(head.query()); // a bad query is refused before the handshake
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
    return List.copyOf(routes);
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
    add("GET", "/health", probe);
    add("GET", "/ready", probe);
  }

  /** The body of a probe. */
  record ProbeView(String status, String detail) {}

  private void metrics(MetricsPage page) {
    add(
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
    add(
        "GET",
        "/api/openapi.json",
        exchange -> exchange.respond(HttpResponse.of(200, "application/json", document)));
  }

  private void live(ApiSettings settings, LiveFeed feed) {
    routes.add("GET " + LIVE_PATH);
    builder.webSocket(
        LIVE_PATH, WebSocketSettings.defaults().withOrigins(settings.origins()), feed);
  }

  private void get(String pattern, Function<HttpRequest, Object> reader) {
    add("GET", pattern, blocking(request -> json.ok(reader.apply(request))));
  }

  private void post(String pattern, Function<HttpRequest, HttpResponse> handler) {
    add("POST", pattern, blocking(handler));
  }

  private void add(String method, String pattern, HttpHandler handler) {
    routes.add(method + " " + pattern);
    builder.route(method, pattern, handler);
  }

  private static HttpHandler blocking(Function<HttpRequest, HttpResponse> handler) {
    return HttpHandler.blocking(
        request -> {
          try {
            return handler.apply(request);
          } catch (DatabaseUnavailableException e) {
            throw new HttpException(
                new HttpError(503, "the database cannot be reached at the moment")
                    .withHeader("retry-after", RETRY_AFTER_SECONDS));
          }
        });
  }
}
