package io.krystaline.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.platform.config.Config;
import io.krystaline.platform.config.ConfigSources;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

final class LogOutputTest {
  private final LoggerContext context = new LoggerContext();
  private final Logger logger = context.getLogger("io.krystaline.Some");

  LogOutputTest() {
    context.setMDCAdapter(((LoggerContext) LoggerFactory.getILoggerFactory()).getMDCAdapter());
  }

  @Test
  void json_isOneObjectALine_withTheCurrentSpan() throws IOException {
    configure(LogSettings.Level.INFO, LogSettings.Format.JSON);
    LoggingEvent event = event("line {}\nbreak", null, "one");
    event.setKeyValuePairs(List.of(new KeyValuePair("port", 4317)));
    event.setMDCPropertyMap(Map.of("run", "7"));
    event.setInstant(Instant.parse("2026-11-21T10:00:00.000000001Z"));
    SpanContext span =
        SpanContext.create(
            "0af7651916cd43dd8448eb211c80319c",
            "b7ad6b7169203331",
            TraceFlags.getSampled(),
            TraceState.getDefault());

    String line;
    try (Scope scope = Span.wrap(span).makeCurrent()) {
      assertThat(scope).isNotNull();
      line = encoded(event);
    }

    assertThat(line).endsWith("}\n").doesNotContain("\nbreak");
    JsonNode json = new ObjectMapper().readTree(line);
    assertThat(json.get("timestamp").asText()).isEqualTo("2026-11-21T10:00:00.000000001Z");
    assertThat(json.get("level").asText()).isEqualTo("WARN");
    assertThat(json.get("logger").asText()).isEqualTo("io.krystaline.Some");
    assertThat(json.get("thread").asText()).isEqualTo(Thread.currentThread().getName());
    assertThat(json.get("message").asText()).isEqualTo("line one\nbreak");
    assertThat(json.get("trace_id").asText()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(json.get("span_id").asText()).isEqualTo("b7ad6b7169203331");
    assertThat(json.get("fields").get("port").asText()).isEqualTo("4317");
    assertThat(json.get("fields").get("run").asText()).isEqualTo("7");
    assertThat(json.has("error")).isFalse();
  }

  @Test
  void json_withoutSpan_hasNoIds_andAnErrorHasItsStack() throws IOException {
    configure(LogSettings.Level.INFO, LogSettings.Format.JSON);

    JsonNode json =
        new ObjectMapper()
            .readTree(
                encoded(event("failed", new IOException("disk", new IllegalStateException("x")))));

    assertThat(json.has("trace_id")).isFalse();
    assertThat(json.has("fields")).isFalse();
    assertThat(json.get("error").get("type").asText()).isEqualTo("java.io.IOException");
    assertThat(json.get("error").get("message").asText()).isEqualTo("disk");
    assertThat(json.get("error").get("stack").asText())
        .contains("LogOutputTest", "Caused by: java.lang.IllegalStateException: x");
  }

  @Test
  void json_hugeMessage_isCut() throws IOException {
    configure(LogSettings.Level.INFO, LogSettings.Format.JSON);

    String line = encoded(event("x".repeat(1_000_000), null));

    assertThat(new ObjectMapper().readTree(line).get("message").asText())
        .hasSize(JsonLogEncoder.TEXT_LENGTH_MAX + 3)
        .endsWith("x...");
  }

  @Test
  void text_keepsAMessageOnOneLine() {
    configure(LogSettings.Level.INFO, LogSettings.Format.TEXT);

    assertThat(encoded(event("two\nlines", null)))
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN {2}Some: two \\| lines\\R");
  }

  @Test
  void configure_writesToStderr_andHoldsLibrariesAtWarn() {
    configure(LogSettings.Level.DEBUG, LogSettings.Format.AUTO);
    assertThat(appender().getTarget()).isEqualTo("System.err");
    assertThat(logger.getEffectiveLevel()).isEqualTo(Level.DEBUG);
    assertThat(context.getLogger("io.netty").getEffectiveLevel()).isEqualTo(Level.WARN);

    configure(LogSettings.Level.ERROR, LogSettings.Format.AUTO);
    assertThat(context.getLogger("io.netty").getEffectiveLevel()).isEqualTo(Level.ERROR);
    assertThat(logger.getEffectiveLevel()).isEqualTo(Level.ERROR);

    configure(LogSettings.Level.OFF, LogSettings.Format.AUTO);
    assertThat(logger.isErrorEnabled()).isFalse();
    assertThat(context.getLogger("ROOT").iteratorForAppenders()).toIterable().hasSize(1);
  }

  @Test
  void startup_appliesTheDefaults() {
    assertThat(LoggerFactory.getLogger("io.krystaline.Some").isInfoEnabled()).isTrue();
    assertThat(LoggerFactory.getLogger("io.krystaline.Some").isDebugEnabled()).isFalse();
    assertThat(LoggerFactory.getLogger("org.example").isInfoEnabled()).isFalse();
    LogOutput.configure(LogSettings.DEFAULT);
    assertThat(LoggerFactory.getLogger("io.krystaline.Some").isInfoEnabled()).isTrue();
  }

  @Test
  void settings_comeFromConfig() {
    Config config = Config.of(ConfigSources.ofOverrides(Map.of("log.level", "debug")));

    assertThat(LogSettings.from(config.section("log")))
        .isEqualTo(new LogSettings(LogSettings.Level.DEBUG, LogSettings.Format.AUTO));
  }

  private void configure(LogSettings.Level level, LogSettings.Format format) {
    LogOutput.configure(context, new LogSettings(level, format));
  }

  private String encoded(ILoggingEvent event) {
    Encoder<ILoggingEvent> encoder = appender().getEncoder();
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }

  private ConsoleAppender<ILoggingEvent> appender() {
    return (ConsoleAppender<ILoggingEvent>) context.getLogger("ROOT").getAppender("stderr");
  }

  private LoggingEvent event(String message, @Nullable Throwable error, Object... arguments) {
    return new LoggingEvent("fqcn", logger, Level.WARN, message, error, arguments);
  }
}
