package io.krystaline.sink;

import io.krystaline.platform.config.Config;
import io.krystaline.platform.config.Setting;
import io.krystaline.platform.lifecycle.ShutdownSignal;
import io.krystaline.platform.telemetry.LogOutput;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code krystaline sink}: the service, until it is told to stop. */
@Command(
    name = "sink",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Receives OTLP spans, scores each on arrival, keeps anomalies and shows them through an API.",
      "Listens on loopback unless told otherwise. Ctrl-C or SIGTERM drains and stops."
    })
final class SinkCommand implements Callable<Integer> {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(60);

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Option(
      names = "--otlp-grpc-port",
      paramLabel = "N",
      description = "Port of OTLP over gRPC; 0 picks a free one (default: 4317).")
  private @Nullable Integer otlpGrpcPort;

  @Option(
      names = "--otlp-http-port",
      paramLabel = "N",
      description = "Port of OTLP over HTTP; 0 picks a free one (default: 4318).")
  private @Nullable Integer otlpHttpPort;

  @Option(
      names = "--api-port",
      paramLabel = "N",
      description = "Port of the API, health and metrics; 0 picks a free one (default: 8090).")
  private @Nullable Integer apiPort;

  @Option(
      names = "--cors-origin",
      paramLabel = "ORIGIN",
      description = "Origin of a page that may send spans and read the API; repeatable.")
  private @Nullable List<String> corsOrigins;

  @Option(
      names = "--insecure",
      description =
          "Allow plain text where the sink listens off loopback; tokens are still needed.")
  private boolean insecure;

  @Option(
      names = "--list-settings",
      description = "Print every setting with its value and source, and exit.")
  private boolean listSettings;

  @Override
  public Integer call() throws Exception {
    Config config = config();
    SinkSettings settings = SinkSettings.from(config);
    config.refuseUnknown();
    if (listSettings) {
      config.settings().forEach(this::print);
      return 0;
    }
    LogOutput.configure(settings.logs());
    try (ShutdownSignal signal = ShutdownSignal.install(CLOSE_LIMIT);
        SinkApp app = new SinkApp(settings, InstantSource.system())) {
      app.start();
      announce(app);
      signal.await();
    }
    return 0;
  }

  private Config config() {
    options.override("receive.otlp-grpc-port", otlpGrpcPort);
    options.override("receive.otlp-http-port", otlpHttpPort);
    options.override("api.port", apiPort);
    options.override(
        "api.cors-origins", corsOrigins == null ? null : String.join(",", corsOrigins));
    options.override("insecure", insecure ? Boolean.TRUE : null);
    return options.read();
  }

  private void print(Setting setting) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%-40s %-28s %s (%s; %s)%n",
        setting.key(),
        setting.valueText(),
        setting.environmentVariable(),
        setting.expected(),
        setting.source());
  }

  private void announce(SinkApp app) {
    PrintWriter out = spec.commandLine().getOut();
    ListenAddresses at = app.addresses();
    out.println("OTLP/gRPC  " + at.otlpGrpc());
    out.println("OTLP/HTTP  " + at.otlpHttp() + "/v1/traces");
    out.println("API        " + at.api() + "/api/monitor/anomalies");
    out.println("Metrics    " + at.api() + "/metrics");
    out.println("Database   " + app.databasePlace());
    out.println("Send a first span:");
    out.println("  " + FirstSpan.curl(at.otlpHttp(), System.currentTimeMillis()));
    out.flush();
  }
}
