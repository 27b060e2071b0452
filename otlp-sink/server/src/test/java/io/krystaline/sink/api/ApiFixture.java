package io.krystaline.sink.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.release.ReleaseState;
import io.krystaline.engine.score.Anomaly;
import io.krystaline.engine.score.ExpectedDuration;
import io.krystaline.engine.score.Severity;
import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanId;
import io.krystaline.engine.span.TraceId;
import io.krystaline.platform.http.HttpServer;
import io.krystaline.platform.http.HttpServerSettings;
import io.krystaline.platform.http.ProblemJson;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.platform.telemetry.Telemetry;
import io.krystaline.platform.telemetry.TelemetrySettings;
import io.krystaline.sink.checkpoint.Checkpoint;
import io.krystaline.sink.checkpoint.CheckpointSettings;
import io.krystaline.sink.checkpoint.HourRows;
import io.krystaline.sink.checkpoint.LaneFlusher;
import io.krystaline.sink.checkpoint.ServiceWindows;
import io.krystaline.sink.incident.ExclusionResult;
import io.krystaline.sink.recalculate.CronSchedule;
import io.krystaline.sink.recalculate.RecalculationSchedule;
import io.krystaline.sink.recalculate.RecalculationSettings;
import io.krystaline.sink.recalculate.Recalculator;
import io.krystaline.sink.store.AnomalyRecord;
import io.krystaline.sink.store.AnomalyStore;
import io.krystaline.sink.store.BaselineStore;
import io.krystaline.sink.store.DetectionRule;
import io.krystaline.sink.store.Exclusion;
import io.krystaline.sink.store.InMemoryBaselineStore;
import io.krystaline.sink.store.InMemoryIncidentStores;
import io.krystaline.sink.store.InMemoryRecalculationStore;
import io.krystaline.sink.store.InMemoryStatisticsStore;
import io.krystaline.sink.store.IncidentStores;
import io.krystaline.sink.store.RecalculationStore;
import io.krystaline.sink.store.StatisticsStore;
import io.krystaline.sink.view.EpochNanos;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** The API on a real socket over any stores. */
final class ApiFixture implements AutoCloseable {
  static final Instant NOON = Instant.parse("2026-11-18T12:00:00Z");

  final InstantSource clock;
  final ObjectMapper mapper = StrictJson.mapper();
  final ApiSettings settings;
  final OperationDirectory directory =
      new OperationDirectory(BaselineSettings.defaults(), DirectoryLimits.defaults(), 1);
  final AnomalyStore anomalies;
  final ServiceWindows windows;
  final Checkpoint checkpoint;
  final Recalculator recalculator;
  final LiveFeed live;
  final MonitorApi api;
  final HttpServer server;
  final Telemetry telemetry = Telemetry.start(TelemetrySettings.local("test", "1"));
  final List<Exclusion> excluded = new CopyOnWriteArrayList<>();
  final AtomicReference<List<DetectionRule>> rulesInForce = new AtomicReference<>(List.of());
  final AtomicReference<List<ReleaseState>> releases = new AtomicReference<>(List.of());
  final IncidentStores incidents;
  final HttpClient client = HttpClient.newHttpClient();
  volatile LaneFlusher lanes = LaneFlusher.NONE;
  volatile Readiness.Probe probe = new Readiness.Probe(Readiness.State.READY, "takes spans");

  /** Where the API's stores are, and what time it is there. */
  record Stores(
      InstantSource clock,
      AnomalyStore anomalies,
      StatisticsStore statistics,
      RecalculationStore runs,
      BaselineStore baselines,
      IncidentStores incidents) {

    /** In memory. */
    static Stores inMemory(InstantSource clock, AnomalyStore anomalies) {
      return new Stores(
          clock,
          anomalies,
          new InMemoryStatisticsStore(clock, HourRows.MERGER),
          new InMemoryRecalculationStore(),
          new InMemoryBaselineStore(),
          InMemoryIncidentStores.create(clock));
    }
  }

  ApiFixture(ApiSettings settings, Stores stores) {
    this.settings = settings;
    clock = stores.clock;
    anomalies = stores.anomalies;
    incidents = stores.incidents;
    windows = new ServiceWindows(clock, Duration.ofMinutes(5));
    checkpoint =
        new Checkpoint(
            CheckpointSettings.defaults(),
            directory,
            stores.statistics,
            (from, until) -> lanes.flush(from, until),
            windows,
            UUID.randomUUID());
    RecalculationSettings recalculation = RecalculationSettings.defaults();
    recalculator =
        new Recalculator(
            recalculation,
            directory,
            stores.statistics,
            stores.baselines,
            stores.runs,
            stores.incidents.exclusions(),
            checkpoint,
            clock);
    RecalculationSchedule schedule =
        new RecalculationSchedule(
            recalculation,
            CronSchedule.parse(recalculation.cron(), ZoneOffset.UTC),
            recalculator,
            stores.runs,
            clock);
    live = new LiveFeed(settings, mapper, clock);
    live.start();
    api =
        new MonitorApi(
            settings,
            new MonitorApi.Sources(
                directory,
                windows,
                anomalies,
                recalculator,
                schedule,
                live,
                new IncidentApi.Sources(
                    stores.incidents,
                    exclusion -> {
                      excluded.add(exclusion);
                      return new ExclusionResult(1, "forgot it");
                    },
                    rulesInForce::set,
                    releases::get),
                () -> probe,
                telemetry.page()),
            mapper,
            clock);
    server =
        HttpServer.builder(HttpServerSettings.defaults(), api)
            .name("api")
            .errors(new ProblemJson(mapper))
            .build();
    server.start();
  }

  /** An answer. */
  record Answer(int status, String contentType, JsonNode body, HttpResponse<String> raw) {}

  Answer get(String pathAndQuery) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(pathAndQuery)).GET());
  }

  Answer post(String pathAndQuery, String... headers) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(pathAndQuery)).POST(HttpRequest.BodyPublishers.noBody());
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  Answer postJson(String path, String body) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  Answer delete(String pathAndQuery) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(pathAndQuery)).DELETE());
  }

  URI uri(String pathAndQuery) {
    return URI.create("http://127.0.0.1:" + server.port() + pathAndQuery);
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            request.version(HttpClient.Version.HTTP_1_1).timeout(Duration.ofSeconds(20)).build(),
            HttpResponse.BodyHandlers.ofString());
    String type = answer.headers().firstValue("content-type").orElse("");
    JsonNode body = type.contains("json") ? mapper.readTree(answer.body()) : mapper.nullNode();
    return new Answer(answer.statusCode(), type, body, answer);
  }

  /** Stores an anomaly that was found at its start, with this span. */
  Anomaly anomaly(OperationKey key, int level, Instant start, long spanId, byte[] span) {
    Anomaly anomaly = sample(key, level, start, spanId);
    anomalies.save(List.of(new AnomalyRecord(anomaly, span)));
    return anomaly;
  }

  static Anomaly sample(OperationKey key, int level, Instant start, long spanId) {
    long startNanos = EpochNanos.of(start);
    return new Anomaly(
        new TraceId(0x5b8efff798038103L, 0xd269b633813fc60cL),
        new SpanId(spanId),
        key,
        Severity.ofLevel(level),
        startNanos,
        startNanos + 99_600_000,
        startNanos + 100_000_001,
        2.12,
        new ExpectedDuration(89, 5, 88, 97, 101, 412, "Monday 09:00"),
        "expected 89 ms");
  }

  @Override
  public void close() {
    live.close();
    server.close();
    recalculator.close();
    client.close();
    telemetry.close();
  }
}
