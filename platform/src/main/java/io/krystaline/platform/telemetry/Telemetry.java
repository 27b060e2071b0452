package io.krystaline.platform.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.instrumentation.runtimetelemetry.RuntimeTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.SdkLoggerProviderBuilder;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.net.URI;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The OpenTelemetry SDK of a service: its metrics and those of its JVM, readable on a {@link
 * MetricsPage} and, where an endpoint is set, sent there, as are the log records that a part emits
 * through the SDK (the log files are not among them). It is built in code and is not the global
 * instance. It makes no spans, so that a service never feeds itself.
 *
 * <p>Thread-safe. {@link #close} sends what is left, for ten seconds at most.
 */
public final class Telemetry implements AutoCloseable {
  private static final long FLUSH_SECONDS_MAX = 10;

  private final OpenTelemetrySdk sdk;
  private final RuntimeTelemetry runtime;
  private final MetricsPage page;

  private Telemetry(OpenTelemetrySdk sdk, RuntimeTelemetry runtime, MetricsPage page) {
    this.sdk = sdk;
    this.runtime = runtime;
    this.page = page;
  }

  /** Builds the SDK and begins to observe the JVM. */
  public static Telemetry start(TelemetrySettings settings) {
    PrometheusMetricReader reader =
        PrometheusMetricReader.builder().setOtelScopeLabelsEnabled(false).build();
    Resource resource = Resource.getDefault().merge(resource(settings));
    SdkMeterProviderBuilder meters =
        SdkMeterProvider.builder().setResource(resource).registerMetricReader(reader);
    SdkLoggerProviderBuilder logs = SdkLoggerProvider.builder().setResource(resource);
    settings
        .otlpEndpoint()
        .ifPresent(
            endpoint -> {
              meters.registerMetricReader(metricsReader(settings, endpoint));
              logs.addLogRecordProcessor(
                  BatchLogRecordProcessor.builder(
                          OtlpHttpLogRecordExporter.builder()
                              .setEndpoint(address(endpoint, "/v1/logs"))
                              .setCompression("gzip")
                              .build())
                      .build());
            });
    OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setMeterProvider(meters.build())
            .setLoggerProvider(logs.build())
            .build();
    return new Telemetry(sdk, RuntimeTelemetry.create(sdk), new MetricsPage(reader));
  }

  /** The SDK, for libraries that are instrumented. */
  public OpenTelemetry openTelemetry() {
    return sdk;
  }

  /**
   * Registers the instruments of one part.
   *
   * @param scope name of the instrumentation scope, such as {@code io.krystaline.sink}
   */
  public Metrics metrics(String scope) {
    return new Metrics(sdk.getMeter(scope));
  }

  /** What {@code /metrics} answers. */
  public MetricsPage page() {
    return page;
  }

  @Override
  public void close() {
    // The last export still tells of the JVM, so its observers end after it.
    sdk.shutdown().join(FLUSH_SECONDS_MAX, TimeUnit.SECONDS);
    runtime.close();
  }

  private static Resource resource(TelemetrySettings settings) {
    return Resource.create(
        Attributes.builder()
            .put("service.name", settings.serviceName())
            .put("service.version", settings.serviceVersion())
            .put(
                "service.instance.id",
                settings.instanceId().orElseGet(() -> UUID.randomUUID().toString()))
            .build());
  }

  private static MetricReader metricsReader(TelemetrySettings settings, URI endpoint) {
    return PeriodicMetricReader.builder(
            OtlpHttpMetricExporter.builder()
                .setEndpoint(address(endpoint, "/v1/metrics"))
                .setCompression("gzip")
                .build())
        .setInterval(settings.exportInterval())
        .build();
  }

  private static String address(URI endpoint, String path) {
    String base = endpoint.toString();
    return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
  }
}
