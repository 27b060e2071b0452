package io.krystaline.bench;

import io.krystaline.bench.load.Compression;
import io.krystaline.bench.load.LoadShape;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what is sent. */
final class LoadOptions {
  private static final int IN_FLIGHT_MAX = 64;
  private static final int IN_FLIGHT_SPANS = 32_768;
  private static final int IN_FLIGHT_MIN = 4;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Spans a message (default: ${DEFAULT-VALUE}).",
      defaultValue = "512")
  private int batch;

  @Option(
      names = "--operations",
      paramLabel = "N",
      description = "Operations of all services together (default: ${DEFAULT-VALUE}).",
      defaultValue = "200")
  private int operations;

  @Option(
      names = "--services",
      paramLabel = "N",
      description = "Services (default: ${DEFAULT-VALUE}).",
      defaultValue = "20")
  private int services;

  @Option(
      names = "--compression",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      defaultValue = "NONE")
  private Compression compression = Compression.NONE;

  @Option(
      names = "--compressed-spans",
      paramLabel = "N",
      description =
          "Spans that are compressed before each round, which ends with them (default:"
              + " ${DEFAULT-VALUE}).",
      defaultValue = "2000000")
  private long compressedSpans;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Connections that send (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private int connections;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description = "Messages under way on a connection (default: by the batch, 4 to 64).")
  private @Nullable Integer inFlight;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Spans a second; 0 for as fast as answers come (default: ${DEFAULT-VALUE}).",
      defaultValue = "0")
  private double spansPerSecond;

  LoadShape shape() {
    LoadShape defaults = LoadShape.DEFAULTS;
    return new LoadShape(
        Math.min(services, operations),
        operations,
        batch,
        defaults.eventShare(),
        defaults.sigma(),
        defaults.seed());
  }

  Compression compression() {
    return compression;
  }

  long compressedSpans() {
    return compressedSpans;
  }

  int connections() {
    return connections;
  }

  int inFlight() {
    return inFlight == null
        ? Math.clamp(IN_FLIGHT_SPANS / batch, IN_FLIGHT_MIN, IN_FLIGHT_MAX)
        : inFlight;
  }

  double spansPerSecond() {
    return spansPerSecond;
  }
}
