package io.krystaline.sink.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real exporters of OpenTelemetry's Java SDK send to the sink. */
class JavaSdkExportTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final int NORMAL_SPANS = 2_000;
  private static final Duration SLOW = Duration.ofSeconds(5);

  @TempDir private static Path folder;
  private static SinkProcess sink;

  @BeforeAll
  static void startSink() {
    sink = SinkProcess.start(folder, SinkProcess.Ports.free());
  }

  @AfterAll
  static void stopSink() {
    if (sink != null) {
      sink.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void export_grpc_arrivesAndTheSlowSpanIsAnAnomaly(String compression) {
    sendsAll(
        "java-grpc-" + compression,
        OtlpGrpcSpanExporter.builder()
            .setEndpoint("http://127.0.0.1:" + sink.ports().grpc())
            .setCompression(compression)
            .build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void export_httpProtobuf_arrivesAndTheSlowSpanIsAnAnomaly(String compression) {
    sendsAll(
        "java-http-" + compression,
        OtlpHttpSpanExporter.builder()
            .setEndpoint("http://127.0.0.1:" + sink.ports().http() + "/v1/traces")
            .setCompression(compression)
            .build());
  }

  private static void sendsAll(String service, SpanExporter exporter) {
    long before = sink.spansReceived();
    SpanContext slow;
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(Resource.create(Attributes.builder().put("service.name", service).build()))
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter).setMaxQueueSize(NORMAL_SPANS + 1).build())
            .build()) {
      Tracer tracer = provider.get("krystaline-sdk-peer");
      Instant now = Instant.now();
      for (int index = 0; index < NORMAL_SPANS; index++) {
        span(tracer, now.minusSeconds(10), Duration.ofMillis(40 + index % 21));
      }
      flush(provider);
      // The SDK answers a flush before it forgets it, and takes one that follows at once for the
      // same: the slow span would not be sent. So wait for what the first one sent.
      sink.awaitReceived(before + NORMAL_SPANS, LIMIT);
      slow = span(tracer, now.minus(SLOW), SLOW);
      flush(provider);
    }

    sink.awaitReceived(before + NORMAL_SPANS + 1, LIMIT);
    JsonNode anomaly = sink.awaitAnomaly(slow.getTraceId(), slow.getSpanId(), LIMIT);
    assertThat(anomaly.get("service").asText()).isEqualTo(service);
    assertThat(anomaly.get("operation").asText()).isEqualTo("GET /orders");
    assertThat(anomaly.get("kind").asText()).isEqualTo("SERVER");
    assertThat(anomaly.get("durationMillis").asDouble()).isEqualTo(5_000.0);
    JsonNode span = sink.get("/api/monitor/traces/" + slow.getTraceId()).get("spans").get(0);
    assertThat(span.get("spanId").asText()).isEqualTo(slow.getSpanId());
    assertThat(span.get("attributes").toString()).contains("http.route", "/orders");
    assertThat(span.get("events").toString()).contains("looked up");
  }

  private static void flush(SdkTracerProvider provider) {
    CompletableResultCode result = provider.forceFlush().join(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(result.isSuccess()).isTrue();
  }

  private static SpanContext span(Tracer tracer, Instant start, Duration duration) {
    Span span =
        tracer
            .spanBuilder("GET /orders")
            .setNoParent()
            .setSpanKind(SpanKind.SERVER)
            .setStartTimestamp(start)
            .setAttribute(AttributeKey.stringKey("http.route"), "/orders")
            .startSpan();
    span.addEvent("looked up", start.plusMillis(1));
    span.setStatus(StatusCode.OK);
    span.end(start.plus(duration));
    return span.getSpanContext();
  }
}
