package io.krystaline.sink;

import io.krystaline.engine.incident.Incident;
import io.krystaline.engine.span.SpanBatch;
import io.krystaline.platform.config.Config;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.sink.detect.DetectionSetup;
import io.krystaline.sink.offline.EventTimeDetector;
import io.krystaline.sink.recalculate.CronSchedule;
import io.krystaline.sink.selftest.DetectorUnderTest;
import io.krystaline.sink.selftest.SelfTest;
import io.krystaline.sink.selftest.SelfTestBounds;
import io.krystaline.sink.selftest.SelfTestReport;
import io.krystaline.sink.selftest.SelfTestResult;
import io.krystaline.sink.selftest.SelfTestSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code krystaline selftest}: holds detection against simulated traffic with known faults. */
@Command(
    name = "selftest",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Teaches detection a simulated day of a shop's traffic, injects faults of every kind, and"
          + " watches clean",
      "hours. Prints which faults were found, how soon, with which suspects, and the false"
          + " incidents. Exits with",
      "1 where a bound is missed."
    })
final class SelfTestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Option(
      names = "--quick",
      description = "One round of one fault of each kind and 6 clean hours, instead of 2, 2, 100.")
  private boolean quick;

  @Option(names = "--seed", paramLabel = "N", description = "Decides everything (default: 1).")
  private @Nullable Long seed;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often, each with the next seed and a new detector.")
  private @Nullable Integer rounds;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description = "Faults of each kind in a round.")
  private @Nullable Integer repetitions;

  @Option(
      names = "--hours-learn",
      paramLabel = "N",
      description = "Simulated hours to learn from in each round (default: 24).")
  private @Nullable Double hoursLearn;

  @Option(
      names = "--hours-clean",
      paramLabel = "N",
      description = "Simulated hours without a fault, over all rounds.")
  private @Nullable Double hoursClean;

  @Option(
      names = "--traces-per-second",
      paramLabel = "X",
      description = "Traffic of an average weekday, about eleven spans a trace (default: 12).")
  private @Nullable Double tracesPerSecond;

  @Option(
      names = "--sampled",
      paramLabel = "X",
      description = "Share of the traces that is kept, as by a head sampler (default: 1).")
  private @Nullable Double sampled;

  @Option(
      names = "--false-incidents-per-day",
      paramLabel = "X",
      description = "The alarm budget over everything that is simulated (default: 1).")
  private @Nullable Double falseIncidentsPerDay;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the result as JSON.")
  private @Nullable Path json;

  @Override
  public Integer call() throws Exception {
    options.override("detection.false-incidents-per-day", falseIncidentsPerDay);
    Config config = options.read();
    SinkSettings sink = SinkSettings.from(config);
    config.refuseUnknown();
    DetectionSetup detection = sink.detection();
    SelfTestSettings settings = settings(detection.detection().falseIncidentsPerDay());
    CronSchedule schedule =
        CronSchedule.parse(sink.keep().recalculationCron(), sink.baselines().zone());
    PrintWriter err = spec.commandLine().getErr();
    SelfTestResult result =
        new SelfTest(
                settings,
                SelfTestBounds.DEFAULT,
                System::nanoTime,
                line -> {
                  err.println(line);
                  err.flush();
                })
            .run(
                () ->
                    new EngineUnderTest(
                        new EventTimeDetector(
                            sink.baselines(),
                            sink.limits(),
                            sink.scoring(),
                            schedule,
                            detection,
                            settings.seed())));
    if (json != null) {
      StrictJson.mapper().writerWithDefaultPrettyPrinter().writeValue(json.toFile(), result);
    }
    spec.commandLine().getOut().print(SelfTestReport.text(result));
    spec.commandLine().getOut().flush();
    return result.passed() ? 0 : 1;
  }

  private SelfTestSettings settings(double falseIncidentsPerDay) {
    SelfTestSettings base = quick ? SelfTestSettings.QUICK : SelfTestSettings.DEFAULT;
    return new SelfTestSettings(
        seed != null ? seed : base.seed(),
        rounds != null ? rounds : base.rounds(),
        hoursLearn != null ? hoursLearn : base.learnHours(),
        repetitions != null ? repetitions : base.repetitions(),
        hoursClean != null ? hoursClean : base.cleanHours(),
        tracesPerSecond != null ? tracesPerSecond : base.tracesPerSecond(),
        sampled != null ? sampled : base.sampledShare(),
        falseIncidentsPerDay);
  }

  /** The engine as the test sees it. */
  private record EngineUnderTest(EventTimeDetector detector) implements DetectorUnderTest {
    @Override
    public void learn(SpanBatch batch) {
      detector.learn(batch);
    }

    @Override
    public void add(SpanBatch batch) {
      detector.add(batch);
    }

    @Override
    public List<Incident> finish() {
      return detector.finish();
    }
  }
}
