package io.krystaline.sink;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.detect.AlarmRule;
import io.krystaline.engine.detect.AlarmRules;
import io.krystaline.engine.incident.Incident;
import io.krystaline.platform.config.Config;
import io.krystaline.platform.db.Database;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.platform.telemetry.LogOutput;
import io.krystaline.sink.backtest.BacktestReport;
import io.krystaline.sink.backtest.Comparison;
import io.krystaline.sink.backtest.RuleFile;
import io.krystaline.sink.backtest.StoredHistory;
import io.krystaline.sink.detect.DetectionSetup;
import io.krystaline.sink.offline.EventTimeDetector;
import io.krystaline.sink.offline.Progress;
import io.krystaline.sink.offline.RecordedHistory;
import io.krystaline.sink.recalculate.CronSchedule;
import io.krystaline.sink.store.IncidentFilter;
import io.krystaline.sink.store.IncidentStores;
import io.krystaline.sink.view.EpochNanos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code krystaline backtest}: which incidents another configuration would have had. */
@Command(
    name = "backtest",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tells which incidents a changed configuration (--config, --set, --rules) would have had,"
          + " and",
      "holds them against the current one (--current). Writes nothing but --json FILE, notifies"
          + " nobody.",
      "",
      "With FILE... both configurations see the recordings from the start, with the live engine in",
      "event time as 'score' does: this answers everything about the spans that were recorded.",
      "",
      "Without FILE the incidents that are stored (--data, --database-url) are looked at again, by"
          + " the",
      "evidence that is kept with each. This answers which of them would not have fired, or with"
          + " fewer",
      "streams, under another detection.false-incidents-per-day or under rules; it can't find what",
      "never was an incident. A sink that uses the same data directory must be stopped meanwhile."
    })
final class BacktestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;
  @Mixin private RecordingOptions learn;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "Recordings to watch, in this order.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--current",
      paramLabel = "FILE",
      description =
          "The settings that are in force now, YAML (default: without --config and --set).")
  private @Nullable Path current;

  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description =
          "Rules of the changed configuration: a JSON array of {service, channel, operation,"
              + " multiplier}, or what GET /api/monitor/rules answers.")
  private @Nullable Path rules;

  @Option(
      names = "--false-incidents-per-day",
      paramLabel = "X",
      description = "The alarm budget of the changed configuration.")
  private @Nullable Double falseIncidentsPerDay;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Watch spans, or look at incidents, from this time on (ISO-8601).")
  private @Nullable Instant from;

  @Option(names = "--until", paramLabel = "TIME", description = "And before this time.")
  private @Nullable Instant until;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the result as JSON.")
  private @Nullable Path json;

  @Override
  public Integer call() throws Exception {
    options.override("detection.false-incidents-per-day", falseIncidentsPerDay);
    SinkSettings before = settings(options.readCurrent(current));
    SinkSettings after = settings(options.read());
    ObjectMapper mapper = StrictJson.mapper();
    List<AlarmRule> inForce = rules == null ? List.of() : RuleFile.read(mapper, rules);
    if (inForce.isEmpty() && before.detection().equals(after.detection())) {
      throw new ParameterException(
          spec.commandLine(),
          "nothing about detection is changed: give --set detection.KEY=VALUE, --config or"
              + " --rules");
    }
    boolean recorded = !files.isEmpty();
    if (!recorded && !learn.files().isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--learn needs recordings to watch");
    }
    Comparison comparison =
        recorded ? replay(before, after, inForce) : lookAgain(before, after, inForce);
    BacktestReport report =
        BacktestReport.of(
            recorded ? "recorded" : "stored",
            recorded ? BacktestReport.OF_RECORDINGS : BacktestReport.OF_STORED,
            view(before, 0, Map.of()),
            view(after, inForce.size(), options.settings()),
            comparison);
    if (json != null) {
      mapper.writerWithDefaultPrettyPrinter().writeValue(json.toFile(), report);
    }
    spec.commandLine().getOut().print(report.text());
    spec.commandLine().getOut().flush();
    return 0;
  }

  private static SinkSettings settings(Config config) {
    SinkSettings settings = SinkSettings.from(config);
    config.refuseUnknown();
    return settings;
  }

  private static BacktestReport.ConfigurationView view(
      SinkSettings settings, int rules, Map<String, String> set) {
    return new BacktestReport.ConfigurationView(
        settings.detection().detection().falseIncidentsPerDay(), rules, set);
  }

  private Comparison replay(SinkSettings before, SinkSettings after, List<AlarmRule> inForce)
      throws IOException {
    RecordedHistory history =
        new RecordedHistory(
            learn.files(),
            learn.range(),
            files,
            RecordingOptions.range(from, until),
            RecordingOptions.DOCUMENT_BYTES_MAX);
    EventTimeDetector current = detector(before);
    EventTimeDetector changed = detector(after);
    changed.rules(new AlarmRules(inForce));
    long spans = history.replay(List.of(current, changed), Progress.onStandardError());
    spec.commandLine().getOut().printf("%,d spans of %d recordings%n", spans, files.size());
    return Comparison.of(found(current, before), found(changed, after));
  }

  private static List<Incident> found(EventTimeDetector detector, SinkSettings settings) {
    return detector.finish().stream().map(settings.useCases()::classify).toList();
  }

  private static EventTimeDetector detector(SinkSettings settings) {
    return new EventTimeDetector(
        settings.baselines(),
        settings.limits(),
        settings.scoring(),
        CronSchedule.parse(settings.keep().recalculationCron(), settings.baselines().zone()),
        settings.detection().forRecordings(),
        1);
  }

  private Comparison lookAgain(SinkSettings before, SinkSettings after, List<AlarmRule> inForce) {
    double currentPerDay = before.detection().detection().falseIncidentsPerDay();
    double changedPerDay = after.detection().detection().falseIncidentsPerDay();
    DetectionSetup otherwise = after.detection().withFalseIncidentsPerDay(currentPerDay);
    if (!otherwise.equals(before.detection())) {
      throw new ParameterException(
          spec.commandLine(),
          "stored incidents can only be looked at again under another"
              + " detection.false-incidents-per-day or under --rules; for other settings give"
              + " recordings");
    }
    if (after.database().url() == null && !Files.isDirectory(after.database().dataDirectory())) {
      throw new ParameterException(
          spec.commandLine(), "there is no data in " + after.database().dataDirectory());
    }
    LogOutput.configure(after.logs());
    List<Incident> kept;
    try (Database database = new Database(after.database(), SinkApp.MIGRATIONS)) {
      database.start();
      kept =
          StoredHistory.read(
              IncidentStores.postgres(database, InstantSource.system()).incidents(),
              IncidentFilter.ALL.between(nanos(from), nanos(until)));
      spec.commandLine()
          .getOut()
          .printf(
              "%,d incidents in %s%s%n",
              kept.size(),
              database.place(),
              kept.size() >= StoredHistory.INCIDENTS_MAX ? " (the newest; there may be more)" : "");
    }
    return new StoredHistory(currentPerDay, changedPerDay, new AlarmRules(inForce)).compare(kept);
  }

  private static @Nullable Long nanos(@Nullable Instant time) {
    return time == null ? null : (Long) EpochNanos.of(time);
  }
}
