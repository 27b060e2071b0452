package io.krystaline.sink;

import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.detect.AlarmRules;
import io.krystaline.engine.score.ScoringSettings;
import io.krystaline.platform.config.Config;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.sink.backtest.RuleFile;
import io.krystaline.sink.offline.Progress;
import io.krystaline.sink.offline.ScoreRun;
import io.krystaline.sink.offline.ScoreSettings;
import io.krystaline.sink.recalculate.CronSchedule;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code krystaline score}: scores recordings in event time. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Scores recordings with the live engine in event time, and writes summary.json,"
          + " anomalies.ndjson,",
      "incidents.json and baselines.json. Reads OTLP JSON lines, OTLP JSON documents and OTLP"
          + " protobuf, plain, gzip or zstd.",
      "Without --learn it starts cold and learns as it goes."
    })
final class ScoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;
  @Mixin private RecordingOptions learn;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Recordings to score, in this order.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the results.")
  private Path out = Path.of(".");

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Score spans from this time on (ISO-8601).")
  private @Nullable Instant from;

  @Option(names = "--until", paramLabel = "TIME", description = "Score spans before this time.")
  private @Nullable Instant until;

  @Option(
      names = "--recorded-severity",
      paramLabel = "LEVEL",
      description = "Write spans of this severity and worse, 1 to 5 (default: 2).")
  private @Nullable Integer recordedSeverity;

  @Option(
      names = "--false-incidents-per-day",
      paramLabel = "X",
      description = "The alarm budget over everything in the recordings (default: 1).")
  private @Nullable Double falseIncidentsPerDay;

  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description = "Rules in force, as 'backtest' takes them.")
  private @Nullable Path rules;

  @Override
  public Integer call() throws Exception {
    options.override("scoring.recorded-severity", recordedSeverity);
    options.override("detection.false-incidents-per-day", falseIncidentsPerDay);
    Config config = options.read();
    SinkSettings settings = SinkSettings.from(config);
    config.refuseUnknown();
    BaselineSettings baselines = settings.baselines();
    ScoringSettings scoring = settings.scoring();
    ScoreSettings run =
        new ScoreSettings(
            learn.files(),
            learn.range(),
            files,
            RecordingOptions.range(from, until),
            out,
            RecordingOptions.DOCUMENT_BYTES_MAX,
            baselines,
            settings.limits(),
            scoring,
            settings.detection(),
            settings.useCases());
    CronSchedule schedule =
        CronSchedule.parse(settings.keep().recalculationCron(), baselines.zone());
    ScoreRun recorded =
        new ScoreRun(
            run,
            schedule,
            Duration.ofDays(baselines.historyDays()),
            new SecureRandom().nextLong(),
            Progress.onStandardError());
    if (rules != null) {
      recorded.rules(new AlarmRules(RuleFile.read(StrictJson.mapper(), rules)));
    }
    spec.commandLine().getOut().println(recorded.run());
    spec.commandLine().getOut().println("results in " + out);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
