package io.krystaline.platform.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * One JSON object a line: {@code timestamp, level, logger, thread, message}, {@code trace_id} and
 * {@code span_id} where a span is current, what was added as key and value under {@code fields},
 * and {@code error} with its stack. Texts are cut at {@value #TEXT_LENGTH_MAX} characters.
 *
 * <p>It must run on the thread that logs, because the current span is that thread's.
 */
final class JsonLogEncoder extends EncoderBase<ILoggingEvent> {
  static final int TEXT_LENGTH_MAX = 16_384;
  private static final String CUT = "...";

  private final JsonFactory factory = new JsonFactory();

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    try (JsonGenerator json = factory.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("timestamp", timestamp(event));
      json.writeStringField("level", event.getLevel().toString());
      json.writeStringField("logger", event.getLoggerName());
      json.writeStringField("thread", event.getThreadName());
      json.writeStringField("message", cut(String.valueOf(event.getFormattedMessage())));
      writeSpan(json);
      writeFields(json, event);
      writeError(json, event.getThrowableProxy());
      json.writeEndObject();
    } catch (IOException e) {
      addError("a log event could not be written", e);
      return "{\"level\":\"ERROR\",\"message\":\"a log event could not be written\"}\n"
          .getBytes(StandardCharsets.UTF_8);
    }
    line.write('\n');
    return line.toByteArray();
  }

  private static String timestamp(ILoggingEvent event) {
    Instant instant = event.getInstant();
    return (instant == null ? Instant.ofEpochMilli(event.getTimeStamp()) : instant).toString();
  }

  private static void writeSpan(JsonGenerator json) throws IOException {
    SpanContext span = Span.current().getSpanContext();
    if (span.isValid()) {
      json.writeStringField("trace_id", span.getTraceId());
      json.writeStringField("span_id", span.getSpanId());
    }
  }

  private static void writeFields(JsonGenerator json, ILoggingEvent event) throws IOException {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    Map<String, String> context = event.getMDCPropertyMap();
    boolean hasPairs = pairs != null && !pairs.isEmpty();
    if (!hasPairs && context.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("fields");
    for (Map.Entry<String, String> entry : context.entrySet()) {
      json.writeStringField(entry.getKey(), cut(entry.getValue()));
    }
    if (hasPairs) {
      for (KeyValuePair pair : pairs) {
        json.writeStringField(pair.key, cut(String.valueOf(pair.value)));
      }
    }
    json.writeEndObject();
  }

  private static void writeError(
      JsonGenerator json, @org.jspecify.annotations.Nullable IThrowableProxy error)
      throws IOException {
    if (error == null) {
      return;
    }
    json.writeObjectFieldStart("error");
    json.writeStringField("type", error.getClassName());
    json.writeStringField("message", cut(String.valueOf(error.getMessage())));
    json.writeStringField("stack", cut(ThrowableProxyUtil.asString(error)));
    json.writeEndObject();
  }

  private static String cut(String text) {
    return text.length() <= TEXT_LENGTH_MAX ? text : text.substring(0, TEXT_LENGTH_MAX) + CUT;
  }
}
