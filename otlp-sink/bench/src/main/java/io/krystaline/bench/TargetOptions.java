package io.krystaline.bench;

import io.krystaline.bench.measure.SinkReceiver;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what is measured. */
final class TargetOptions {
  @Option(
      names = "--target",
      paramLabel = "HOST:PORT",
      description = "OTLP/gRPC of a sink that runs already; needs --api.")
  private @Nullable String target;

  @Option(
      names = "--target-http",
      paramLabel = "HOST:PORT",
      description = "OTLP/HTTP of that sink, for the HTTP protocols.")
  private @Nullable String targetHttp;

  @Option(names = "--api", paramLabel = "HOST:PORT", description = "The API of that sink.")
  private @Nullable String api;

  @Option(
      names = "--pid",
      paramLabel = "N",
      description = "Its process on this machine; without it neither CPU nor memory is known.")
  private @Nullable Long pid;

  @Option(
      names = "--taught-spans",
      paramLabel = "N",
      description =
          "Spans an operation that the sink learns from before the warm-up; 0 for none (default:"
              + " ${DEFAULT-VALUE}).",
      defaultValue = "4000")
  private int taughtSpans;

  @Option(
      names = "--anomalies",
      paramLabel = "SHARE",
      description =
          "Share of spans that the started sink records as anomalies, 0.00001 to 0.04 (default:"
              + " 0.01, its own).")
  private @Nullable Double anomalyShare;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the started sink; repeatable.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--sink-java-opts",
      paramLabel = "OPTIONS",
      description = "KRYSTALINE_JAVA_OPTS of the started sink (default: those of this command).")
  private @Nullable String sinkJavaOptions;

  int taughtSpans() {
    return taughtSpans;
  }

  Optional<String> sinkJavaOptions() {
    return Optional.ofNullable(sinkJavaOptions);
  }

  Map<String, String> sinkSettings() {
    Map<String, String> all = new LinkedHashMap<>();
    if (anomalyShare != null) {
      all.putAll(percentiles(anomalyShare));
    }
    all.putAll(settings);
    return all;
  }

  /**
   * The percentiles at which severities begin, so that this share of the spans is of the two that
   * are recorded; a tenth of them of the worst, as by default.
   */
  static Map<String, String> percentiles(double share) {
    if (!(share >= 0.00001 && share <= 0.04)) {
      throw new IllegalArgumentException("--anomalies is " + share + ", not 0.00001 to 0.04");
    }
    double third = Math.max(share * 5, 0.05);
    double fourth = Math.max(share * 10, 0.1);
    double fifth = Math.max(share * 20, 0.2);
    return Map.of(
        "baselines.sev1-percentile", percentile(share / 10),
        "baselines.sev2-percentile", percentile(share),
        "baselines.sev3-percentile", percentile(third),
        "baselines.sev4-percentile", percentile(fourth),
        "baselines.sev5-percentile", percentile(fifth));
  }

  private static String percentile(double share) {
    return BigDecimal.valueOf(100)
        .subtract(BigDecimal.valueOf(share).movePointRight(2))
        .toPlainString();
  }

  Optional<SinkReceiver.Place> place() {
    if (target == null) {
      return Optional.empty();
    }
    if (api == null) {
      throw new IllegalArgumentException("--target needs --api HOST:PORT");
    }
    return Optional.of(
        new SinkReceiver.Place(
            host(target),
            port(target),
            targetHttp == null ? 0 : port(targetHttp),
            host(api),
            port(api),
            Optional.ofNullable(pid)));
  }

  private static String host(String place) {
    return place.substring(0, colon(place));
  }

  private static int port(String place) {
    return Integer.parseInt(place.substring(colon(place) + 1));
  }

  private static int colon(String place) {
    int colon = place.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException(place + " is not HOST:PORT");
    }
    return colon;
  }
}
