package io.krystaline.sink.backtest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.detect.AlarmRule;
import io.krystaline.engine.detect.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads rules from a file: a JSON array of {@code {"service", "channel", "operation"?,
 * "multiplier"?}}, or what {@code GET /api/monitor/rules} answers, of which all but the reverted
 * ones count. A rule without a multiplier mutes its stream.
 */
public final class RuleFile {
  private static final long LENGTH_MAX = 16 << 20;

  private RuleFile() {}

  /**
   * Reads a file.
   *
   * @throws IOException if it can't be read, or is no list of rules; the message names the place
   */
  public static List<AlarmRule> read(ObjectMapper mapper, Path file) throws IOException {
    if (Files.size(file) > LENGTH_MAX) {
      throw new IOException(file + " is larger than " + LENGTH_MAX + " bytes");
    }
    JsonNode root;
    try {
      root = mapper.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is not JSON: " + e.getOriginalMessage(), e);
    }
    JsonNode items = root.isObject() ? root.path("items") : root;
    if (!items.isArray()) {
      throw new IOException(file + " is neither an array of rules nor an answer of GET rules");
    }
    List<AlarmRule> rules = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      JsonNode item = items.get(i);
      if (item.path("state").asText("").equals("reverted")) {
        continue;
      }
      try {
        rules.add(rule(item));
      } catch (IllegalArgumentException e) {
        throw new IOException("rule %d of %s: %s".formatted(i + 1, file, e.getMessage()), e);
      }
    }
    return rules;
  }

  private static AlarmRule rule(JsonNode item) {
    String service = text(item, "service");
    String channel = text(item, "channel");
    if (service == null || channel == null) {
      throw new IllegalArgumentException("'service' and 'channel' are needed");
    }
    JsonNode multiplier = item.path("multiplier");
    if (!multiplier.isMissingNode() && !multiplier.isNull() && !multiplier.isNumber()) {
      throw new IllegalArgumentException("'multiplier' is a number");
    }
    return new AlarmRule(
        service,
        channel(channel),
        text(item, "operation"),
        multiplier.isNumber() ? (Double) multiplier.doubleValue() : null);
  }

  private static Channel channel(String name) {
    try {
      return Channel.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("there is no channel '" + name + "'", e);
    }
  }

  private static @Nullable String text(JsonNode item, String field) {
    JsonNode value = item.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new IllegalArgumentException("'" + field + "' is a text");
    }
    return value.textValue();
  }
}
