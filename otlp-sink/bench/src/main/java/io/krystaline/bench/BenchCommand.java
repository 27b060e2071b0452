package io.krystaline.bench;

import io.krystaline.bench.process.SinkCommandLine;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code krystaline bench}. */
@Command(
    name = "krystaline bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures what a span costs the sink, and holds every count against what was sent.",
      "Starts a sink in a temporary folder, teaches it, warms it up, and runs counted rounds.",
      "Exits with 1 where a round does not add up."
    })
final class BenchCommand implements Callable<Integer> {
  private static final int SMOKE_INTERVALS = 4;
  private static final Duration SMOKE_INTERVAL = Duration.ofSeconds(4);
  private static final double SMOKE_SECONDS = 1;
  private static final int SMOKE_TAUGHT_SPANS = 500;
  private static final long SMOKE_COMPRESSED_SPANS = 50_000;

  @Spec private CommandSpec spec;
  @Mixin private LoadOptions load;
  @Mixin private TargetOptions targets;
  @Mixin private AgainstOptions against;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      description = "How long a round sends (default: ${DEFAULT-VALUE}).",
      defaultValue = "10")
  private double durationSeconds;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Counted rounds (default: ${DEFAULT-VALUE}).",
      defaultValue = "5")
  private int rounds;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      description = "How long is sent before the first counted round (default: ${DEFAULT-VALUE}).",
      defaultValue = "20")
  private double warmUpSeconds;

  @Option(
      names = "--probe",
      paramLabel = "SECONDS",
      description =
          "How often a sure anomaly is sent and looked for at the API; 0 for never (default:"
              + " ${DEFAULT-VALUE}).",
      defaultValue = "0.25")
  private double probeSeconds;

  @Option(
      names = "--memory",
      paramLabel = "N",
      split = ",",
      arity = "0..1",
      fallbackValue = "2000,6000",
      description =
          "Instead of rounds: what an operation costs in memory when all 168 hours of the week were"
              + " seen, as the difference between two sinks of so many operations (2000,6000).")
  private @Nullable List<Integer> memory;

  @Option(
      names = "--soak",
      paramLabel = "MINUTES",
      arity = "0..1",
      fallbackValue = "20",
      description =
          "Instead of rounds: wears a sink out for so long (20), at 60 %% of what it took in the"
              + " warm-up or at --rate, with operations that come once, readers of the live stream"
              + " that read nothing, recalculations, and a restart of the database.")
  private int soakMinutes;

  @Option(
      names = "--smoke",
      description =
          "Only shows that it runs and adds up: one short round. Its figures say nothing.")
  private boolean smoke;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes all figures of all rounds here, as JSON.")
  private @Nullable Path json;

  @Override
  public Integer call() throws InterruptedException {
    BenchSettings settings = settings();
    PrintWriter out = spec.commandLine().getOut();
    SinkCommandLine sink = SinkCommandLine.ofThisJvm();
    if (!settings.memoryOperations().isEmpty()) {
      new MemoryBench(settings, sink, out, InstantSource.system(), new SecureRandom()).run();
      return CommandLine.ExitCode.OK;
    }
    Bench bench = new Bench(settings, sink, out, InstantSource.system(), new SecureRandom());
    boolean worked =
        settings.soakIntervals() == 0
            ? bench.run()
            : bench.soak(smoke ? SMOKE_INTERVAL : Duration.ofMinutes(1));
    return worked ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private BenchSettings settings() {
    try {
      return new BenchSettings(
          load.shape(),
          load.recording(),
          memory == null ? List.of() : memory,
          smoke && soakMinutes > 0 ? SMOKE_INTERVALS : soakMinutes,
          load.protocol(),
          load.compression(),
          load.connections(),
          load.inFlight(),
          load.spansPerSecond(),
          seconds(smoke ? SMOKE_SECONDS : durationSeconds),
          smoke ? 1 : rounds,
          seconds(smoke ? SMOKE_SECONDS : warmUpSeconds),
          smoke ? SMOKE_TAUGHT_SPANS : targets.taughtSpans(),
          smoke ? SMOKE_COMPRESSED_SPANS : load.compressedSpans(),
          seconds(probeSeconds),
          targets.place(),
          targets.sinkSettings(),
          targets.sinkJavaOptions(),
          against.opponent(),
          Optional.ofNullable(json));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  static Duration seconds(double seconds) {
    if (!(seconds >= 0 && seconds <= 1e6)) {
      throw new IllegalArgumentException(seconds + " s is no duration");
    }
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }
}
