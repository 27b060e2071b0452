package io.krystaline.sink;

import io.krystaline.engine.assemble.AssemblySettings;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.incident.UseCaseRules;
import io.krystaline.engine.score.ScoringSettings;
import io.krystaline.platform.config.Config;
import io.krystaline.platform.config.ConfigException;
import io.krystaline.platform.config.ConfigSection;
import io.krystaline.platform.db.DatabaseSettings;
import io.krystaline.platform.telemetry.LogSettings;
import io.krystaline.platform.telemetry.TelemetrySettings;
import io.krystaline.sink.detect.DetectionSetup;
import io.krystaline.sink.notify.NotifySettings;
import io.krystaline.sink.pipeline.PipelineSettings;
import io.krystaline.sink.usecase.UseCaseFile;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * Everything that can be set of the sink, each with its default beside it. {@code ./krystaline sink
 * --list-settings} prints them.
 */
record SinkSettings(
    DatabaseSettings database,
    ListenSettings listen,
    PipelineSettings pipeline,
    BaselineSettings baselines,
    DirectoryLimits limits,
    ScoringSettings scoring,
    KeepSettings keep,
    DetectionSetup detection,
    UseCaseRules useCases,
    NotifySettings notifications,
    TelemetrySettings telemetry,
    LogSettings logs) {

  static final String VERSION = "0.1.0";

  /**
   * What is kept, how long, and when it is worked through.
   *
   * @param checkpointInterval how often learned statistics are written; a crash loses at most this
   * @param recalculationCron when baselines are recalculated, five cron fields in the baselines'
   *     zone
   * @param anomalies how long anomalies and their traces are kept
   * @param statistics how long hourly statistics are kept
   * @param active how long an anomaly counts as active
   */
  record KeepSettings(
      Duration checkpointInterval,
      String recalculationCron,
      Duration anomalies,
      Duration incidents,
      Duration statistics,
      Duration active) {}

  /**
   * Reads all settings; unknown ones are refused by the caller with {@link Config#refuseUnknown}.
   *
   * @throws ConfigException if a value is refused
   */
  static SinkSettings from(Config config) {
    try {
      return read(config);
    } catch (IllegalArgumentException e) {
      // What values mean together is checked by the records that hold them.
      throw new ConfigException("the settings do not fit together: " + e.getMessage(), e);
    }
  }

  private static SinkSettings read(Config config) {
    BaselineSettings baselines = baselines(config.section("baselines"));
    return new SinkSettings(
        database(config.root(), config.section("database")),
        ListenSettings.from(config),
        pipeline(config.section("pipeline"), config.section("receive")),
        baselines,
        limits(config.section("limits")),
        scoring(config.section("scoring")),
        keep(config.section("keep")),
        detection(config.section("detection")),
        UseCaseFile.from(config.section("use-cases")),
        NotifySettings.from(config.section("notify")),
        TelemetrySettings.from(config.section("telemetry"), "krystaline-sink", VERSION),
        LogSettings.from(config.section("log")));
  }

  static BaselineSettings baselines(ConfigSection section) {
    BaselineSettings defaults = BaselineSettings.defaults();
    return new BaselineSettings(
        zone(section.text("zone", "UTC")),
        section.integer("history-days", defaults.historyDays(), 1, 366),
        section.integer("min-samples", defaults.minSamples(), 2, 1_000_000),
        percentiles(section, defaults.percentiles()),
        section.integer("cold-start-samples", defaults.coldStartSamples(), 2, 1_000_000),
        section.decimal("cold-start-growth", defaults.coldStartGrowth(), 1.01, 10),
        section.integer("provisional-below", defaults.provisionalBelow(), 2, 100_000_000));
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new ConfigException("baselines.zone is " + name + ", which is no time zone", e);
    }
  }

  static DirectoryLimits limits(ConfigSection section) {
    DirectoryLimits defaults = DirectoryLimits.defaults();
    return new DirectoryLimits(
        section.integer("operations-per-service", defaults.operationsPerService(), 1, 1_000_000),
        section.integer("services", defaults.services(), 1, 60_000),
        section.integer("operations", defaults.operations(), 1, 1_000_000),
        section.integer("name-bytes", defaults.nameBytesMax(), 16, 1_000));
  }

  static ScoringSettings scoring(ConfigSection section) {
    ScoringSettings defaults = ScoringSettings.defaults();
    return new ScoringSettings(
        section.integer("recorded-severity", defaults.recordedLevel(), 1, 5),
        section.integer("non-critical-per-second", defaults.nonCriticalPerSecond(), 0, 1_000_000),
        section.duration("learned-age", defaults.learnedAgeMax()),
        section.duration("learned-ahead", defaults.learnedAheadMax()),
        defaults.recentSpans(),
        false);
  }

  private static List<Double> percentiles(ConfigSection section, List<Double> defaults) {
    return List.of(
        section.decimal("sev1-percentile", defaults.get(0), 0, 100),
        section.decimal("sev2-percentile", defaults.get(1), 0, 100),
        section.decimal("sev3-percentile", defaults.get(2), 0, 100),
        section.decimal("sev4-percentile", defaults.get(3), 0, 100),
        section.decimal("sev5-percentile", defaults.get(4), 0, 100));
  }

  static DatabaseSettings database(ConfigSection root, ConfigSection section) {
    Path data = root.path("data", defaultDataDirectory());
    DatabaseSettings defaults = DatabaseSettings.embedded(data.resolve("postgres"));
    return new DatabaseSettings(
        section.secret("url").orElse(null),
        section.optionalText("user").orElse(null),
        section.secret("password").orElse(null),
        defaults.dataDirectory(),
        defaults.binariesDirectory(),
        section.integer("connections", defaults.connectionsMax(), 2, 16),
        section.duration("connect-timeout", defaults.connectTimeout()),
        section.duration("statement-timeout", defaults.statementTimeout()),
        section.duration("start-timeout", defaults.startTimeout()));
  }

  private static PipelineSettings pipeline(ConfigSection section, ConfigSection receive) {
    int threads = receive.integer("threads", Runtime.getRuntime().availableProcessors(), 1, 256);
    PipelineSettings defaults = PipelineSettings.defaults(threads);
    return new PipelineSettings(
        threads,
        (int) receive.bytes("message-max", "64MiB", 1 << 10, 1 << 30),
        section.bytes("recent-spans-memory", "128MiB", 1 << 20, 1L << 36),
        section.integer("recent-spans", defaults.recentSpans(), 1_024, 1 << 26),
        section.duration(
            "recent-spans-reach", defaults.recentReach(), Duration.ZERO, Duration.ofHours(1)),
        section.integer("pending-anomalies", defaults.pendingAnomaliesMax(), 1, 10_000_000),
        section.integer("commit-anomalies", defaults.commitAnomaliesMax(), 1, 100_000),
        section.duration(
            "commit-interval", defaults.commitInterval(), Duration.ZERO, Duration.ofSeconds(1)),
        section.duration("retry-after", defaults.retryAfter()),
        section.duration("probe-interval", defaults.probeInterval()),
        section.integer("traces", defaults.tracesMax(), 1, 1 << 20),
        section.duration("trace-wait", defaults.traceWait()),
        section.integer("trace-spans", defaults.traceSpansMax(), 1, 1_000_000),
        section.duration("capture-interval", defaults.captureInterval()),
        section.integer(
            "captured-spans-per-second", defaults.captureSpansPerSecondMax(), 1, 1_000_000));
  }

  static DetectionSetup detection(ConfigSection section) {
    DetectionSetup defaults = DetectionSetup.DEFAULTS;
    AssemblySettings assembly = defaults.assembly();
    return new DetectionSetup(
        new AssemblySettings(
            assembly.tick(),
            section.duration("slack", assembly.slack(), Duration.ZERO, Duration.ofMinutes(5)),
            assembly.childGrace(),
            assembly.idle(),
            assembly.aheadMax(),
            section.integer("held-spans", assembly.spansMax(), 1_000, 1 << 27),
            assembly.traceSpansMax()),
        defaults
            .detection()
            .withFalseIncidentsPerDay(
                section.decimal(
                    "false-incidents-per-day",
                    defaults.detection().falseIncidentsPerDay(),
                    0.001,
                    1_000)),
        defaults
            .incidents()
            .withWithholdMax(
                section.duration(
                    "withhold-max",
                    defaults.incidents().withholdMax(),
                    Duration.ZERO,
                    Duration.ofDays(30))),
        section.integer("spans-per-second", defaults.spansPerSecondMax(), 1_000, 1_000_000_000));
  }

  private static KeepSettings keep(ConfigSection section) {
    return new KeepSettings(
        section.duration("checkpoint-interval", Duration.ofSeconds(10)),
        section.text("recalculation-cron", "0 3 * * *"),
        section.duration("anomalies", Duration.ofDays(30)),
        section.duration("incidents", Duration.ofDays(90)),
        section.duration("statistics", Duration.ofDays(35)),
        section.duration("active", Duration.ofHours(1)));
  }

  /** {@code $XDG_DATA_HOME/krystaline}, or {@code ~/.local/share/krystaline}. */
  private static Path defaultDataDirectory() {
    String xdg = System.getenv("XDG_DATA_HOME");
    Path base =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home", "."), ".local", "share")
            : Path.of(xdg);
    return base.resolve("krystaline");
  }
}
