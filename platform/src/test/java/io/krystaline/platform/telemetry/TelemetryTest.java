package io.krystaline.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.krystaline.platform.config.Config;
import io.krystaline.platform.config.ConfigException;
import io.krystaline.platform.config.ConfigSection;
import io.krystaline.platform.config.ConfigSources;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TelemetryTest {
  private final Telemetry telemetry =
      Telemetry.start(
          new TelemetrySettings(
              "krystaline-sink",
              "1.2.3",
              Optional.of("one"),
              Optional.empty(),
              Duration.ofSeconds(60)));
  private final Metrics metrics = telemetry.metrics("io.krystaline.sink");

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  void page_showsTallies_underTheNamesThatScriptsRelyOn() {
    TallyFamily received =
        metrics.tallies("krystaline.sink.spans.received", "Spans received.", "transport");
    received.of("grpc").add(41);
    received.of("grpc").increment();
    received.of("http");
    Tally scored = metrics.tally("krystaline.sink.spans.scored", "Spans scored.");

    assertThat(page())
        .contains(
            "# TYPE krystaline_sink_spans_received_total counter",
            "krystaline_sink_spans_received_total{transport=\"grpc\"} 42.0",
            "krystaline_sink_spans_received_total{transport=\"http\"} 0.0",
            "krystaline_sink_spans_scored_total 0.0")
        .noneMatch(line -> line.contains("otel_scope"));
    scored.add(3);
    assertThat(page()).contains("krystaline_sink_spans_scored_total 3.0");
  }

  @Test
  void page_showsOtherKinds() {
    AtomicLong sum = new AtomicLong(7);
    metrics.counter("test.kept.elsewhere", "Kept elsewhere.", sum::get);
    metrics.gauge("test.queue.length", "Length.", () -> 5);
    metrics.gauge("test.age", "Age.", "s", () -> 1.5);
    metrics.seconds("test.commit.duration", "Duration.", List.of(0.1, 1.0)).record(0.5);
    metrics
        .counter("test.rare", "Rare.")
        .add(2, Attributes.of(AttributeKey.stringKey("reason"), "a \"b\"\n"));

    assertThat(page())
        .contains(
            "test_kept_elsewhere_total 7.0",
            "test_queue_length 5.0",
            "test_age_seconds 1.5",
            "test_commit_duration_seconds_bucket{le=\"0.1\"} 0",
            "test_commit_duration_seconds_bucket{le=\"1.0\"} 1",
            "test_commit_duration_seconds_count 1",
            "test_rare_total{reason=\"a \\\"b\\\"\\n\"} 2.0");
  }

  @Test
  void page_showsTheJvmAndTheResource() {
    assertThat(page())
        .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"))
        .anyMatch(line -> line.startsWith("jvm_thread_count{"))
        .anyMatch(
            line ->
                line.startsWith("target_info{")
                    && line.contains("service_name=\"krystaline-sink\"")
                    && line.contains("service_version=\"1.2.3\"")
                    && line.contains("service_instance_id=\"one\""));
  }

  @Test
  void page_openMetrics_whereAsked() {
    metrics.tally("krystaline.sink.spans.scored", "Spans scored.");

    MetricsPage.Rendered open =
        telemetry.page().render("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
    MetricsPage.Rendered classic = telemetry.page().render("*/*");

    assertThat(open.contentType()).startsWith("application/openmetrics-text");
    assertThat(new String(open.body(), StandardCharsets.UTF_8))
        .contains("krystaline_sink_spans_scored_total 0.0\n")
        .endsWith("# EOF\n");
    assertThat(classic.contentType()).startsWith("text/plain");
    assertThat(new String(classic.body(), StandardCharsets.UTF_8)).doesNotContain("# EOF");
  }

  @Test
  void tallyFamily_tooManyValues_areCountedTogether() {
    TallyFamily family = metrics.tallies("test.flood", "Flood.", "name");
    for (int i = 0; i < TallyFamily.VALUES_MAX + 50; i++) {
      family.of("name" + i).increment();
    }

    assertThat(family.of("name0").sum()).isEqualTo(1);
    assertThat(family.of(TallyFamily.OTHER).sum()).isEqualTo(50);
    assertThat(page().stream().filter(line -> line.startsWith("test_flood_total{")))
        .hasSize(TallyFamily.VALUES_MAX + 1);
  }

  @Test
  void tally_negative_isRefused() {
    Tally tally = new Tally();
    tally.add(0);

    assertThatThrownBy(() -> tally.add(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(tally.sum()).isZero();
  }

  @Test
  void export_sendsWhatIsCounted_alsoAtTheEnd() throws Exception {
    BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    HttpServer collector = collector(bodies);
    try {
      URI endpoint = URI.create("http://localhost:" + collector.getAddress().getPort());
      Telemetry exporting =
          Telemetry.start(
              new TelemetrySettings(
                  "exporting", "1", Optional.empty(), Optional.of(endpoint), Duration.ofHours(1)));
      exporting.metrics("scope").tally("krystaline.sink.spans.scored", "Spans scored.").add(9);
      exporting.close();

      assertThat(bodies.poll(20, TimeUnit.SECONDS))
          .startsWith("/v1/metrics application/x-protobuf")
          .contains("krystaline.sink.spans.scored", "exporting", "jvm.memory.used");
    } finally {
      collector.stop(0);
    }
  }

  @Test
  void settings_comeFromConfig() {
    ConfigSection section =
        Config.of(
                ConfigSources.ofOverrides(
                    Map.of(
                        "telemetry.otlp-endpoint", "http://localhost:4318/",
                        "telemetry.export-interval", "5s")))
            .section("telemetry");

    TelemetrySettings settings = TelemetrySettings.from(section, "sink", "1");

    assertThat(settings.serviceName()).isEqualTo("sink");
    assertThat(settings.otlpEndpoint()).contains(URI.create("http://localhost:4318/"));
    assertThat(settings.exportInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(TelemetrySettings.local("sink", "1").otlpEndpoint()).isEmpty();
    assertThatThrownBy(() -> TelemetrySettings.local(" ", "1"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void settings_wrongEndpoint_isRefused() {
    for (String wrong : List.of("localhost:4318", "ftp://a", "http://", "not a uri")) {
      ConfigSection section =
          Config.of(ConfigSources.ofOverrides(Map.of("telemetry.otlp-endpoint", wrong)))
              .section("telemetry");
      assertThatThrownBy(() -> TelemetrySettings.from(section, "sink", "1"))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("'" + wrong + "'");
    }
  }

  private List<String> page() {
    return new String(telemetry.page().render(null).body(), StandardCharsets.UTF_8)
        .lines()
        .toList();
  }

  private static HttpServer collector(BlockingQueue<String> bodies) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = new GZIPInputStream(exchange.getRequestBody()).readAllBytes();
          bodies.add(
              exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Content-Type")
                  + " "
                  + new String(body, StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    return server;
  }
}
