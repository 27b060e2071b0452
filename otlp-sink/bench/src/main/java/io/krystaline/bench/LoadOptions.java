package io.krystaline.bench;

import io.krystaline.bench.load.Compression;
import io.krystaline.bench.load.LoadShape;
import io.krystaline.bench.send.Protocol;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what is sent. */
final class LoadOptions {
  private static final int HTTP_CONNECTIONS = 8;
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
      names = "--recording",
      paramLabel = "FILE",
      description =
          "Sends this recording (OTLP JSON lines; .gz, .zst) over and over, each time with fresh"
              + " ids and times.")
  private @Nullable Path recording;

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      defaultValue = "grpc")
  private Protocol protocol = Protocol.GRPC;

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
      description = "Connections that send (default: 1 of gRPC, 8 of HTTP).")
  private @Nullable Integer connections;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description =
          "Messages under way on a connection (default: 1 of HTTP, of gRPC by the batch, 4 to 64).")
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

  Optional<Path> recording() {
    return Optional.ofNullable(recording);
  }

  Protocol protocol() {
    return protocol;
  }

  Compression compression() {
    return compression;
  }

  long compressedSpans() {
    return compressedSpans;
  }

  int connections() {
    if (connections != null) {
      return connections;
    }
    return protocol == Protocol.GRPC ? 1 : HTTP_CONNECTIONS;
  }

  int inFlight() {
    if (inFlight != null) {
      return inFlight;
    }
    return protocol == Protocol.GRPC
        ? Math.clamp(IN_FLIGHT_SPANS / Math.max(1, batch), IN_FLIGHT_MIN, IN_FLIGHT_MAX)
        : 1;
  }

  double spansPerSecond() {
    return spansPerSecond;
  }
}
