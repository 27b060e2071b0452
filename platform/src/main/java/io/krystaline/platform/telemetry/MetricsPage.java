package io.krystaline.platform.telemetry;

import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The metrics as Prometheus reads them. Thread-safe: each call collects anew. It takes some
 * milliseconds; not for an event loop under load.
 */
public final class MetricsPage {
  private static final String OPEN_METRICS = "application/openmetrics-text";

  private final PrometheusMetricReader reader;
  private final ExpositionFormatWriter classic =
      PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build();
  private final ExpositionFormatWriter openMetrics =
      OpenMetricsTextFormatWriter.builder()
          .setCreatedTimestampsEnabled(false)
          .setExemplarsOnAllMetricTypesEnabled(false)
          .build();

  MetricsPage(PrometheusMetricReader reader) {
    this.reader = reader;
  }

  /**
   * One answer.
   *
   * @param contentType the value of the header
   * @param body in UTF-8; owned by the caller
   */
  @SuppressWarnings("ArrayRecordComponent") // A body to be sent, never compared.
  public record Rendered(String contentType, byte[] body) {}

  /**
   * Renders all metrics: OpenMetrics where the reader asks for it, the classic text otherwise.
   *
   * <p>It does so on a platform thread. On a virtual one the {@link java.io.BufferedWriter} inside
   * begins small and grows by what is written, copying itself each time: megabytes a page.
   *
   * @param accept the request's header, or null
   */
  public Rendered render(@Nullable String accept) {
    if (!Thread.currentThread().isVirtual()) {
      return renderHere(accept);
    }
    FutureTask<Rendered> task = new FutureTask<>(() -> renderHere(accept));
    Thread.ofPlatform().name("metrics-page").daemon().start(task);
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while metrics were rendered", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("metrics could not be rendered", e.getCause());
    }
  }

  private Rendered renderHere(@Nullable String accept) {
    ExpositionFormatWriter writer = wantsOpenMetrics(accept) ? openMetrics : classic;
    ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 15);
    try {
      writer.write(body, reader.collect(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException("metrics could not be rendered", e);
    }
    return new Rendered(writer.getContentType(), body.toByteArray());
  }

  private static boolean wantsOpenMetrics(@Nullable String accept) {
    return accept != null && accept.toLowerCase(Locale.ROOT).contains(OPEN_METRICS);
  }
}
