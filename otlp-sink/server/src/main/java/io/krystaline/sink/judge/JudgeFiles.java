package io.krystaline.sink.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads labels and incidents from JSON. Names that are not needed are ignored, so that both files
 * may say more; what is needed and missing or of a wrong form is named with its place.
 *
 * <p>Labels: {@code covered} (pairs of times), {@code faults} ({@code id, startUnixNano,
 * endUnixNano, service, kind, scorable}), {@code unlabelled} ({@code startUnixNano, endUnixNano}),
 * {@code services} (a number). Without {@code covered}, {@code firstStart} and {@code lastEnd} are
 * taken. Incidents: an array of {@code {id, start, end, detectedAt, suspects: [{service}]}}. A time
 * is nanoseconds since the Unix epoch, as a number or as its digits, or an ISO-8601 text.
 */
public final class JudgeFiles {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final ObjectMapper mapper;

  /**
   * A reader.
   *
   * @param mapper its bounds limit how large a file may be
   */
  public JudgeFiles(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Reads labels.
   *
   * @throws IOException if the file can't be read or is no JSON
   * @throws IllegalArgumentException if it holds no usable labels; the message says where
   */
  public Labels labels(Path file) throws IOException {
    JsonNode root = mapper.readTree(file.toFile());
    if (!root.isObject()) {
      throw new IllegalArgumentException(file + ": labels are a JSON object");
    }
    List<FaultWindow> faults = new ArrayList<>();
    for (JsonNode node : array(root, "faults", file.toString())) {
      faults.add(fault(node, file + ": faults[" + faults.size() + "]"));
    }
    List<Interval> unlabelled = new ArrayList<>();
    for (JsonNode node : array(root, "unlabelled", file.toString())) {
      unlabelled.add(interval(node, file + ": unlabelled[" + unlabelled.size() + "]"));
    }
    return new Labels(
        covered(root, file), faults, unlabelled, Math.max(0, root.path("services").asInt(0)));
  }

  /**
   * Reads incidents.
   *
   * @throws IOException if the file can't be read or is no JSON
   * @throws IllegalArgumentException if it holds no usable incidents; the message says where
   */
  public List<JudgedIncident> incidents(Path file) throws IOException {
    JsonNode root = mapper.readTree(file.toFile());
    if (!root.isArray()) {
      throw new IllegalArgumentException(file + ": incidents are a JSON array");
    }
    List<JudgedIncident> incidents = new ArrayList<>();
    for (JsonNode node : root) {
      incidents.add(incident(node, file + ": [" + incidents.size() + "]"));
    }
    return incidents;
  }

  private static JudgedIncident incident(JsonNode node, String place) {
    List<String> suspects = new ArrayList<>();
    for (JsonNode suspect : array(node, "suspects", place)) {
      suspects.add(text(suspect, "service", place + ".suspects[" + suspects.size() + "]"));
    }
    JsonNode end = node.path("end");
    long startNanos = time(node.path("start"), place + ".start");
    return new JudgedIncident(
        text(node, "id", place),
        startNanos,
        time(node.path("detectedAt"), place + ".detectedAt"),
        end.isNull() || end.isMissingNode()
            ? OptionalLong.empty()
            : OptionalLong.of(time(end, place + ".end")),
        suspects);
  }

  private static FaultWindow fault(JsonNode node, String place) {
    return new FaultWindow(
        text(node, "id", place),
        text(node, "service", place),
        node.path("kind").asText("unknown"),
        interval(node, place),
        node.path("scorable").asBoolean(true));
  }

  private static List<Interval> covered(JsonNode root, Path file) {
    List<Interval> covered = new ArrayList<>();
    for (JsonNode node : array(root, "covered", file.toString())) {
      covered.add(ordered(node.path(0), node.path(1), file + ": covered[" + covered.size() + "]"));
    }
    if (covered.isEmpty()) {
      covered.add(
          ordered(root.path("firstStart"), root.path("lastEnd"), file + ": firstStart, lastEnd"));
    }
    return covered;
  }

  private static Interval interval(JsonNode node, String place) {
    return ordered(node.path("startUnixNano"), node.path("endUnixNano"), place);
  }

  private static Interval ordered(JsonNode start, JsonNode end, String place) {
    long startNanos = time(start, place + " start");
    long endNanos = time(end, place + " end");
    if (endNanos < startNanos) {
      throw new IllegalArgumentException(place + " ends before its start");
    }
    return new Interval(startNanos, endNanos);
  }

  private static Iterable<JsonNode> array(JsonNode node, String name, String place) {
    JsonNode found = node.path(name);
    if (found.isMissingNode() || found.isNull()) {
      return List.of();
    }
    if (!found.isArray()) {
      throw new IllegalArgumentException(place + "." + name + " is not an array");
    }
    return found;
  }

  private static String text(JsonNode node, String name, String place) {
    @Nullable String found = node.path(name).textValue();
    if (found == null) {
      throw new IllegalArgumentException(place + "." + name + " is not a text");
    }
    return found;
  }

  private static long time(JsonNode node, String place) {
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    @Nullable String text = node.textValue();
    if (text != null) {
      try {
        return text.matches("-?\\d+") ? Long.parseLong(text) : iso(text);
      } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
        throw new IllegalArgumentException(place + " is no time: '" + text + "'", e);
      }
    }
    throw new IllegalArgumentException(place + " is no time: " + node);
  }

  private static long iso(String text) {
    Instant instant = OffsetDateTime.parse(text).toInstant();
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
  }
}
