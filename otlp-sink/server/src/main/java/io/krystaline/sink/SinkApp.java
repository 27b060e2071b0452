package io.krystaline.sink;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.engine.score.RecentSpans;
import io.krystaline.engine.score.RecordingLimit;
import io.krystaline.engine.score.Scorer;
import io.krystaline.platform.db.Database;
import io.krystaline.platform.http.BearerToken;
import io.krystaline.platform.http.CorsPolicy;
import io.krystaline.platform.http.HttpServer;
import io.krystaline.platform.http.HttpService;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.platform.lifecycle.Resources;
import io.krystaline.platform.telemetry.Metrics;
import io.krystaline.platform.telemetry.Telemetry;
import io.krystaline.sink.api.ApiSettings;
import io.krystaline.sink.api.LiveFeed;
import io.krystaline.sink.api.MonitorApi;
import io.krystaline.sink.api.Readiness;
import io.krystaline.sink.checkpoint.Checkpoint;
import io.krystaline.sink.checkpoint.CheckpointSettings;
import io.krystaline.sink.checkpoint.HourRows;
import io.krystaline.sink.checkpoint.ServiceWindows;
import io.krystaline.sink.detect.LiveDetection;
import io.krystaline.sink.pipeline.AnomalyWriter;
import io.krystaline.sink.pipeline.Lanes;
import io.krystaline.sink.pipeline.PipelineCounters;
import io.krystaline.sink.pipeline.TraceCapture;
import io.krystaline.sink.recalculate.BaselineExcluder;
import io.krystaline.sink.recalculate.BaselineLoader;
import io.krystaline.sink.recalculate.CronSchedule;
import io.krystaline.sink.recalculate.RecalculationSchedule;
import io.krystaline.sink.recalculate.RecalculationSettings;
import io.krystaline.sink.recalculate.Recalculator;
import io.krystaline.sink.recalculate.RetentionJob;
import io.krystaline.sink.receive.GrpcReceiver;
import io.krystaline.sink.receive.HttpReceiver;
import io.krystaline.sink.receive.SignalIntake;
import io.krystaline.sink.receive.TelemetryReceiverMetrics;
import io.krystaline.sink.store.AnomalyStore;
import io.krystaline.sink.store.BaselineStore;
import io.krystaline.sink.store.PostgresAnomalyStore;
import io.krystaline.sink.store.PostgresBaselineStore;
import io.krystaline.sink.store.PostgresRecalculationStore;
import io.krystaline.sink.store.PostgresStatisticsStore;
import io.krystaline.sink.store.RecalculationStore;
import io.krystaline.sink.store.Retention;
import io.krystaline.sink.store.StatisticsStore;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The sink, wired: receive, decode and score, store, recalculate, show. Constructed without side
 * effects; {@link #start} opens the parts in the order in which data flows from the store outwards,
 * so that the receivers open last, and {@link #close} closes them in reverse, so that nothing is
 * taken in that can't be kept.
 */
public final class SinkApp implements AutoCloseable {
  static final String MIGRATIONS = "db/migration";
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);
  private static final Duration HEALTH_WINDOW = Duration.ofMinutes(5);

  private final SinkSettings settings;
  private final InstantSource clock;
  private final Resources resources = new Resources(CLOSE_LIMIT);
  private final ObjectMapper mapper = StrictJson.mapper();
  private final Database database;
  private final AnomalyStore anomalies;
  private final StatisticsStore statistics;
  private final BaselineStore baselines;
  private final RecalculationStore runs;
  private final IncidentParts incidents;
  private final OperationDirectory directory;
  private volatile Readiness.Probe readiness =
      new Readiness.Probe(Readiness.State.STARTING, "the sink is starting");
  private volatile Optional<ListenAddresses> addresses = Optional.empty();
  private volatile Optional<Lanes> openLanes = Optional.empty();

  /** The sink with these settings, nothing opened yet. */
  public SinkApp(SinkSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.database = new Database(settings.database(), MIGRATIONS);
    this.anomalies = new PostgresAnomalyStore(database, clock, settings.pipeline().traceSpansMax());
    this.statistics = new PostgresStatisticsStore(database, clock, HourRows.MERGER);
    this.baselines = new PostgresBaselineStore(database);
    this.runs = new PostgresRecalculationStore(database);
    this.incidents = new IncidentParts(settings, database, anomalies, mapper, clock);
    this.directory =
        new OperationDirectory(
            settings.baselines(), settings.limits(), new SecureRandom().nextLong());
  }

  /**
   * Opens everything; when it returns, spans are received.
   *
   * @throws RuntimeException naming the first part that can't be opened; what was open is closed
   *     again
   */
  public void start() {
    try {
      open();
    } catch (RuntimeException failure) {
      resources.closeAfter(failure);
      throw failure;
    }
  }

  /** Stops taking spans in, ends what has begun, saves what was learned, and closes everything. */
  @Override
  public void close() {
    readiness = new Readiness.Probe(Readiness.State.DRAINING, "the sink is stopping");
    openLanes.ifPresent(Lanes::drain);
    resources.close();
  }

  /**
   * Where the sink listens.
   *
   * @throws IllegalStateException before {@link #start} has returned
   */
  public ListenAddresses addresses() {
    return addresses.orElseThrow(() -> new IllegalStateException("the sink is not started"));
  }

  /** Where the data is, for a person; without secrets. */
  public String databasePlace() {
    return database.place();
  }

  private void open() {
    Telemetry telemetry = resources.add("telemetry", Telemetry.start(settings.telemetry()));
    Metrics metrics = telemetry.metrics("io.krystaline.sink");
    resources.add("database", database);
    database.start();
    Instant now = clock.instant();
    runs.failAbandoned(database.isEmbedded() ? now : now.minus(RecalculationStore.LEASE), now);
    new BaselineLoader(
            directory, baselines, statistics, runs, incidents.stores().exclusions(), clock)
        .load();

    PipelineCounters counters = new PipelineCounters(metrics);
    AnomalyWriter writer =
        new AnomalyWriter(anomalies, database::probe, settings.pipeline(), counters);
    RecentSpans recentSpans =
        new RecentSpans(settings.scoring().recentSpans(), new SecureRandom().nextLong());
    RecordingLimit recordingLimit = new RecordingLimit(settings.scoring().nonCriticalPerSecond());
    Lanes lanes =
        new Lanes(
            () -> new Scorer(directory, recentSpans, recordingLimit, settings.scoring()),
            writer,
            settings.pipeline(),
            counters,
            clock);
    openLanes = Optional.of(lanes);

    ServiceWindows windows = new ServiceWindows(clock, HEALTH_WINDOW);
    Checkpoint checkpoint = resources.add("checkpoint", checkpoint(lanes, windows, metrics));
    Recalculator recalculator = resources.add("recalculator", recalculator(checkpoint, metrics));
    RecalculationSchedule schedule =
        resources.add("recalculation schedule", schedule(recalculator));
    startRetention(metrics);

    TraceCapture capture = new TraceCapture(anomalies, lanes, settings.pipeline(), counters);
    LiveFeed live = resources.add("live feed", new LiveFeed(apiSettings(), mapper, clock));
    writer.listen(live::publish);
    writer.listen(capture);
    resources.add("trace capture", capture);
    resources.add("anomaly writer", writer);
    live.start();
    capture.start();
    writer.start();
    LiveDetection detection = incidents.open(resources, telemetry, live, lanes, capture, directory);
    checkpoint.start();
    schedule.start();
    live.registerWith(metrics);
    metrics.gauge(
        "krystaline.sink.anomalies.pending",
        "Anomalies scored and not yet committed",
        writer::pendingAnomalies);

    MonitorApi api =
        new MonitorApi(
            apiSettings(),
            new MonitorApi.Sources(
                directory,
                windows,
                anomalies,
                recalculator,
                schedule,
                live,
                incidents.apiSources(detection, excluder(checkpoint)),
                () -> probe(writer),
                telemetry.page()),
            mapper,
            clock);
    listen(api, lanes, metrics);
    readiness = new Readiness.Probe(Readiness.State.READY, "spans are received");
  }

  private void listen(MonitorApi api, Lanes lanes, Metrics metrics) {
    ListenSettings listen = settings.listen();
    ServerSettings servers = new ServerSettings(listen, settings.pipeline().messageBytesMax());
    HttpServer apiServer =
        resources.add(
            "api", HttpServer.builder(servers.api(), guarded(api, listen)).name("api").build());
    apiServer.start();

    EventLoopGroup eventLoops =
        new MultiThreadIoEventLoopGroup(
            settings.pipeline().lanes(),
            new DefaultThreadFactory("otlp"),
            NioIoHandler.newFactory());
    resources.add("event loops", () -> stop(eventLoops));
    TelemetryReceiverMetrics receiverMetrics = new TelemetryReceiverMetrics(metrics);
    SignalIntake intake =
        new SignalIntake(lanes, receiverMetrics, settings.pipeline().messageBytesMax());
    HttpReceiver http =
        resources.add(
            "otlp over http",
            new HttpReceiver(servers.otlpHttp(), intake, receiverMetrics, eventLoops));
    http.start();
    GrpcReceiver grpc =
        resources.add(
            "otlp over grpc",
            new GrpcReceiver(servers.otlpGrpc(), intake, receiverMetrics, eventLoops));
    grpc.start();
    String scheme = listen.tls().isPresent() ? "https://" : "http://";
    addresses =
        Optional.of(
            new ListenAddresses(
                listen.otlpHost() + ":" + grpc.port(),
                scheme + listen.otlpHost() + ":" + http.port(),
                scheme + listen.apiHost() + ":" + apiServer.port()));
  }

  private Readiness.Probe probe(AnomalyWriter writer) {
    Readiness.Probe now = readiness;
    if (now.state() == Readiness.State.READY && !writer.isStoreAvailable()) {
      return new Readiness.Probe(Readiness.State.UNAVAILABLE, "the database is lost");
    }
    return now;
  }

  private Checkpoint checkpoint(Lanes lanes, ServiceWindows windows, Metrics metrics) {
    CheckpointSettings defaults = CheckpointSettings.defaults();
    Checkpoint checkpoint =
        new Checkpoint(
            new CheckpointSettings(
                settings.keep().checkpointInterval(),
                defaults.operationsMax(),
                defaults.rowsMax(),
                defaults.attemptsMax(),
                defaults.stopLimit()),
            directory,
            statistics,
            lanes::flush,
            windows,
            UUID.randomUUID());
    checkpoint.registerWith(metrics);
    return checkpoint;
  }

  private Recalculator recalculator(Checkpoint checkpoint, Metrics metrics) {
    Recalculator recalculator =
        new Recalculator(
            recalculation(),
            directory,
            statistics,
            baselines,
            runs,
            incidents.stores().exclusions(),
            checkpoint,
            clock);
    recalculator.registerWith(metrics);
    return recalculator;
  }

  private BaselineExcluder excluder(Checkpoint checkpoint) {
    return new BaselineExcluder(
        directory, statistics, baselines, incidents.stores().exclusions(), checkpoint, clock);
  }

  private RecalculationSchedule schedule(Recalculator recalculator) {
    CronSchedule cron =
        CronSchedule.parse(settings.keep().recalculationCron(), settings.baselines().zone());
    return new RecalculationSchedule(recalculation(), cron, recalculator, runs, clock);
  }

  private RecalculationSettings recalculation() {
    RecalculationSettings defaults = RecalculationSettings.defaults();
    return new RecalculationSettings(
        settings.keep().recalculationCron(),
        defaults.batch(),
        defaults.renewInterval(),
        defaults.checkInterval(),
        defaults.stopLimit());
  }

  private void startRetention(Metrics metrics) {
    RetentionJob job =
        resources.add(
            "retention",
            new RetentionJob(
                RetentionJob.Settings.defaults(),
                retention(),
                incidents.retention(),
                baselines,
                clock));
    job.registerWith(metrics);
    job.start();
  }

  private Retention retention() {
    Retention.Settings defaults = Retention.Settings.DEFAULT;
    return new Retention(
        anomalies,
        statistics,
        runs,
        clock,
        new Retention.Settings(
            settings.keep().anomalies(),
            settings.keep().statistics(),
            defaults.runAge(),
            defaults.batchSize(),
            defaults.batchesMax()));
  }

  private ApiSettings apiSettings() {
    ApiSettings defaults = ApiSettings.defaults();
    return new ApiSettings(
        settings.keep().active(),
        defaults.silentAfter(),
        defaults.degradedShare(),
        defaults.degradedAnomalies(),
        defaults.itemsDefault(),
        defaults.itemsMax(),
        defaults.historyRowsMax(),
        defaults.liveSessionsMax(),
        defaults.liveQueueMax(),
        Set.copyOf(settings.listen().corsOrigins()));
  }

  private HttpService guarded(MonitorApi api, ListenSettings listen) {
    HttpService service = api;
    if (listen.apiToken().isPresent()) {
      service =
          new BearerToken(listen.apiToken().get(), Set.of("/health", "/ready")).around(service);
    }
    return CorsPolicy.of(Set.copyOf(listen.corsOrigins())).around(service);
  }

  private static void stop(EventLoopGroup eventLoops) throws InterruptedException {
    if (!eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS).await(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the event loops did not stop");
    }
  }
}
