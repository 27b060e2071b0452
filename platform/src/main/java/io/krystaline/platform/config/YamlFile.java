package io.krystaline.platform.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a YAML file into flat keys: nested names are joined by dots, scalars stay as they were
 * written. Refuses what would be misread in silence: two documents, a key twice, anchors and
 * aliases, lists of anything but scalars.
 */
final class YamlFile {
  private static final long BYTES_MAX = 1 << 20;
  private static final int DEPTH_MAX = 20;

  private final Path file;
  private final Map<String, RawValue> values = new LinkedHashMap<>();

  private YamlFile(Path file) {
    this.file = file;
  }

  static Map<String, RawValue> read(Path file) {
    YamlFile yaml = new YamlFile(file);
    try {
      long size = Files.size(file);
      if (size > BYTES_MAX) {
        throw new ConfigException(
            "configuration file %s has %d bytes, at most %d are read"
                .formatted(file, size, BYTES_MAX));
      }
      YAMLFactory factory =
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
      try (YAMLParser parser = factory.createParser(Files.readAllBytes(file))) {
        yaml.document(parser);
      }
    } catch (IOException e) {
      throw new ConfigException(
          "configuration file %s cannot be read: %s".formatted(file, reason(e)), e);
    }
    return yaml.values;
  }

  private static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.NoSuchFileException _ -> "it does not exist";
      case java.nio.file.AccessDeniedException _ -> "access denied";
      default -> String.valueOf(e.getMessage()).lines().findFirst().orElse("") + at(e);
    };
  }

  private static String at(IOException e) {
    return e instanceof com.fasterxml.jackson.core.JsonProcessingException json
            && json.getLocation() != null
        ? " (line " + json.getLocation().getLineNr() + ")"
        : "";
  }

  private void document(YAMLParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null || token == JsonToken.VALUE_NULL) {
      return;
    }
    if (token != JsonToken.START_OBJECT) {
      throw refusal(parser, "it must begin with a key and a colon");
    }
    mapping(parser, "", 1);
    if (parser.nextToken() != null) {
      throw refusal(parser, "it holds more than one document");
    }
  }

  private void mapping(YAMLParser parser, String prefix, int depth) throws IOException {
    if (depth > DEPTH_MAX) {
      throw refusal(parser, "it is nested deeper than " + DEPTH_MAX);
    }
    boolean empty = true;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      empty = false;
      String key = prefix + parser.currentName();
      JsonToken token = parser.nextToken();
      refuseAlias(parser);
      if (token == JsonToken.START_OBJECT) {
        mapping(parser, key + ".", depth + 1);
      } else if (token == JsonToken.START_ARRAY) {
        put(parser, key, RawValue.ofItems(items(parser, key), SettingSource.FILE));
      } else if (token == JsonToken.VALUE_NULL) {
        put(parser, key, RawValue.ofNothing(SettingSource.FILE));
      } else {
        put(parser, key, RawValue.ofText(parser.getText(), SettingSource.FILE));
      }
    }
    if (empty && !prefix.isEmpty()) {
      String key = prefix.substring(0, prefix.length() - 1);
      put(parser, key, RawValue.ofNothing(SettingSource.FILE));
    }
  }

  private List<String> items(YAMLParser parser, String key) throws IOException {
    List<String> items = new ArrayList<>();
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      refuseAlias(parser);
      if (!token.isScalarValue() || token == JsonToken.VALUE_NULL) {
        throw refusal(parser, "the list " + key + " must hold plain values only");
      }
      items.add(parser.getText());
    }
    return items;
  }

  private void put(JsonParser parser, String key, RawValue value) {
    if (values.putIfAbsent(key, value) != null) {
      throw refusal(parser, key + " is given twice");
    }
  }

  private void refuseAlias(YAMLParser parser) throws IOException {
    if (parser.isCurrentAlias()) {
      throw refusal(parser, "aliases (*" + parser.getText() + ") are not supported");
    }
  }

  private ConfigException refusal(JsonParser parser, String reason) {
    return new ConfigException(
        "configuration file %s, line %d: %s"
            .formatted(file, parser.currentTokenLocation().getLineNr(), reason));
  }
}
