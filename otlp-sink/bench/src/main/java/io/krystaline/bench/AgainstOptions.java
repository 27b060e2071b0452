package io.krystaline.bench;

import io.krystaline.bench.BenchSettings.Opponent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what the sink is held against. */
final class AgainstOptions {
  @Option(
      names = "--against",
      description =
          "Also measures a receiver made of the generated stub and protobuf objects, in turn with"
              + " the sink, and prints how many times better the sink is.")
  private boolean reference;

  @Option(
      names = "--against-executor",
      paramLabel = "NAME",
      description =
          "Where that receiver works: direct, on the event loops, or pool (default:"
              + " ${DEFAULT-VALUE}).",
      defaultValue = "direct")
  private String executor = "direct";

  @Option(
      names = "--against-java-opts",
      paramLabel = "OPTIONS",
      description = "Options of its JVM (default: none, the JDK's own).",
      defaultValue = "")
  private String javaOptions = "";

  @Option(
      names = "--against-process",
      paramLabel = "COMMAND",
      description = "The same with any program that takes OTLP; needs --port.")
  private @Nullable String command;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Where that program takes OTLP on loopback.")
  private @Nullable Integer port;

  Optional<Opponent> opponent() {
    if (command != null) {
      if (port == null || reference) {
        throw new IllegalArgumentException(
            "--against-process needs --port, and goes without --against");
      }
      return Optional.of(new Opponent.Program(command, port));
    }
    if (!executor.equals("direct") && !executor.equals("pool")) {
      throw new IllegalArgumentException("--against-executor is direct or pool, not " + executor);
    }
    return reference
        ? Optional.of(new Opponent.Reference(executor, javaOptions))
        : Optional.empty();
  }
}
