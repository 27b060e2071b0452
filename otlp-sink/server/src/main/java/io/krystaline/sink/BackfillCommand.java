package io.krystaline.sink;

import io.krystaline.engine.baseline.OperationDirectory;
import io.krystaline.platform.config.Config;
import io.krystaline.platform.db.Database;
import io.krystaline.platform.telemetry.LogOutput;
import io.krystaline.sink.offline.Backfill;
import io.krystaline.sink.offline.JaegerHistory;
import io.krystaline.sink.offline.Progress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code krystaline backfill}: teaches a store from history. */
@Command(
    name = "backfill",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Teaches a data directory or database from history, so that a newcomer has baselines at"
          + " once.",
      "Reads recordings as 'score' does, or asks Jaeger's query API. A sink that uses the same"
          + " data",
      "directory must be stopped meanwhile."
    })
final class BackfillCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Parameters(paramLabel = "FILE", arity = "0..*", description = "Recordings to learn.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--jaeger",
      paramLabel = "URL",
      description = "Jaeger's query service, for example http://localhost:16686")
  private @Nullable URI jaeger;

  @Option(
      names = "--services",
      paramLabel = "A,B",
      split = ",",
      description = "The services to ask Jaeger for.")
  private List<String> services = new ArrayList<>();

  @Option(
      names = "--lookback",
      paramLabel = "TIME",
      defaultValue = "30d",
      description = "How far back to ask: 30d, 12h, 90m (default: ${DEFAULT-VALUE}).")
  private String lookback = "30d";

  @Option(
      names = "--jaeger-limit",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Traces per question; a full answer is asked again in halves (default:"
              + " ${DEFAULT-VALUE}).")
  private int jaegerLimit = 1_000;

  @Option(
      names = "--learn-from",
      paramLabel = "TIME",
      description = "Learn spans of the recordings from this time on (ISO-8601).")
  private @Nullable Instant from;

  @Option(
      names = "--learn-until",
      paramLabel = "TIME",
      description = "Learn spans of the recordings before this time.")
  private @Nullable Instant until;

  @Override
  public Integer call() throws Exception {
    if (files.isEmpty() == (jaeger == null)) {
      throw new ParameterException(spec.commandLine(), "give either recordings or --jaeger URL");
    }
    if (jaeger != null && services.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--jaeger needs --services");
    }
    Duration window = lookback();
    Config config = options.read();
    SinkSettings settings = SinkSettings.from(config);
    config.refuseUnknown();
    LogOutput.configure(settings.logs());
    InstantSource clock = InstantSource.system();
    OperationDirectory directory =
        new OperationDirectory(
            settings.baselines(), settings.limits(), new SecureRandom().nextLong());
    Progress progress = Progress.onStandardError();
    try (Database database = new Database(settings.database(), SinkApp.MIGRATIONS)) {
      database.start();
      try (Backfill backfill =
          new Backfill(
              database,
              directory,
              settings.scoring(),
              RecordingOptions.DOCUMENT_BYTES_MAX,
              clock,
              progress)) {
        learn(backfill, window, clock.instant());
        Backfill.Result result = backfill.finish();
        spec.commandLine()
            .getOut()
            .printf(
                "%,d spans learned, %,d rejected; %,d operations have baselines in %s%n",
                result.spans(), result.rejected(), result.operations(), database.place());
        spec.commandLine().getOut().flush();
      }
    }
    return 0;
  }

  private void learn(Backfill backfill, Duration window, Instant now) throws Exception {
    if (jaeger == null) {
      backfill.learn(files, RecordingOptions.range(from, until));
    } else {
      backfill.learn(
          new JaegerHistory(jaeger, jaegerLimit, Duration.ofHours(1)),
          services,
          now.minus(window),
          now);
    }
  }

  private Duration lookback() {
    if (!lookback.matches("[1-9][0-9]{0,5}[dhm]")) {
      throw new ParameterException(
          spec.commandLine(),
          "--lookback is a number and d, h or m, for example 30d, not " + lookback);
    }
    long count = Long.parseLong(lookback.substring(0, lookback.length() - 1));
    return switch (lookback.charAt(lookback.length() - 1)) {
      case 'd' -> Duration.ofDays(count);
      case 'h' -> Duration.ofHours(count);
      default -> Duration.ofMinutes(count);
    };
  }
}
