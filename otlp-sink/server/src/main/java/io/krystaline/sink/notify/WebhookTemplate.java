package io.krystaline.sink.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.krystaline.platform.json.StrictJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JSON body with places to fill in. {@code {{incident.title}}} becomes the value at that path of
 * the notice's document, escaped to stand within a JSON text; {@code {{json incident.suspects}}}
 * becomes the value as JSON, to stand as a value. A path's parts are names, or positions from 0 in
 * a list. What is not there becomes an empty text, or {@code null}.
 *
 * <p>The document is one notice as the default body has it: {@code change}, {@code link}, {@code
 * incident}; and {@code key} and {@code channel}. Immutable.
 */
public final class WebhookTemplate {
  private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*(json\\s+)?([^{}\\s]+)\\s*}}");
  private static final Set<String> ROOTS = Set.of("change", "link", "incident", "key", "channel");
  private static final ObjectMapper MAPPER = StrictJson.mapper();

  private sealed interface Part {}

  private record Literal(String text) implements Part {}

  private record Place(List<String> path, boolean asJson) implements Part {}

  private final List<Part> parts;

  private WebhookTemplate(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /**
   * The template that a text describes.
   *
   * @throws IllegalArgumentException if a place is not known, or what comes out is no JSON
   */
  public static WebhookTemplate parse(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher place = PLACE.matcher(text);
    int end = 0;
    while (place.find()) {
      parts.add(new Literal(literal(text.substring(end, place.start()))));
      List<String> path = List.of(place.group(2).split("\\.", -1));
      if (!ROOTS.contains(path.getFirst())) {
        throw new IllegalArgumentException(
            "template: {{%s}} begins with none of %s".formatted(place.group(2), ROOTS));
      }
      parts.add(new Place(path, place.group(1) != null));
      end = place.end();
    }
    parts.add(new Literal(literal(text.substring(end))));
    WebhookTemplate template = new WebhookTemplate(parts);
    try {
      if (MAPPER.readTree(template.fill(MissingNode.getInstance())).isMissingNode()) {
        throw new IllegalArgumentException("template: it is empty");
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("template: no JSON: " + e.getOriginalMessage(), e);
    }
    return template;
  }

  private static String literal(String text) {
    if (text.contains("{{")) {
      throw new IllegalArgumentException(
          "template: what follows {{ is no path: "
              + IncidentText.clean(text.substring(text.indexOf("{{")), 40));
    }
    return text;
  }

  /** The body for one document. */
  String fill(JsonNode document) {
    StringBuilder body = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Literal(String text) -> body.append(text);
        case Place(List<String> path, boolean asJson) -> {
          JsonNode value = at(document, path);
          if (asJson) {
            body.append(value.isMissingNode() ? "null" : value.toString());
          } else {
            String json = MAPPER.getNodeFactory().textNode(words(value)).toString();
            body.append(json, 1, json.length() - 1);
          }
        }
      }
    }
    return body.toString();
  }

  private static String words(JsonNode value) {
    return value.isMissingNode() || value.isNull()
        ? ""
        : value.isContainerNode() ? value.toString() : value.asText();
  }

  private static JsonNode at(JsonNode document, List<String> path) {
    JsonNode node = document;
    for (String step : path) {
      node =
          node.isArray() && step.matches("\\d{1,6}")
              ? node.path(Integer.parseInt(step))
              : node.path(step);
    }
    return node;
  }
}
