package io.krystaline.engine.incident;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Groups failures by their shape: the exception's type, its message without numbers, ids and quoted
 * values, and the top frames of its stack. Owned by one thread.
 */
public final class ErrorShapes {
  private static final Pattern VARYING =
      Pattern.compile(
          "[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|\\b0x[0-9a-fA-F]+\\b|\\b(?=[0-9a-fA-F]*[0-9])"
              + "[0-9a-fA-F]{8,}\\b|\"[^\"]*\"|'[^']*'|\\d+(?:[.,:]\\d+)*");
  private static final Pattern FRAME = Pattern.compile("^\\s*(at |File \"|\\S+\\.go:|#\\d+ ).*");
  private static final int TOP_FRAMES = 3;
  private static final int MESSAGE_MAX = 300;
  private static final int STACK_MAX = 4_000;
  private static final int SHAPES_MAX = 50;

  private final Map<String, ErrorFingerprint> shapes = new LinkedHashMap<>();

  /** Nothing seen yet. */
  public ErrorShapes() {}

  /**
   * Adds a failure. Texts may be empty.
   *
   * @param type the exception's type
   * @param message its message, or the status message
   * @param stackTrace as it came
   */
  public void add(String service, String type, String message, String stackTrace) {
    String shape = normalise(message);
    String id = IncidentIds.hash(service + '\n' + type + '\n' + shape + '\n' + top(stackTrace));
    ErrorFingerprint known = shapes.get(id);
    if (known != null) {
      shapes.put(
          id,
          new ErrorFingerprint(id, service, type, shape, known.count() + 1, known.stackTrace()));
    } else if (shapes.size() < SHAPES_MAX) {
      String stack =
          stackTrace.length() > STACK_MAX ? stackTrace.substring(0, STACK_MAX) + "…" : stackTrace;
      shapes.put(id, new ErrorFingerprint(id, service, type, shape, 1, stack));
    }
  }

  /** The shapes, the most frequent first. */
  public List<ErrorFingerprint> mostFrequent(int max) {
    List<ErrorFingerprint> sorted = new ArrayList<>(shapes.values());
    sorted.sort(
        Comparator.comparingInt(ErrorFingerprint::count)
            .reversed()
            .thenComparing(ErrorFingerprint::id));
    return List.copyOf(sorted.subList(0, Math.min(max, sorted.size())));
  }

  /**
   * A message with what varies replaced by a star: {@code order 17 of "bob"} is {@code order * of
   * *}.
   */
  static String normalise(String message) {
    String cut = message.length() > MESSAGE_MAX ? message.substring(0, MESSAGE_MAX) : message;
    return VARYING.matcher(cut).replaceAll("*").strip();
  }

  private static String top(String stackTrace) {
    return String.join(
        "\n",
        stackTrace
            .lines()
            .filter(line -> FRAME.matcher(line).matches())
            .limit(TOP_FRAMES)
            .map(line -> VARYING.matcher(line.strip()).replaceAll("*"))
            .toList());
  }
}
