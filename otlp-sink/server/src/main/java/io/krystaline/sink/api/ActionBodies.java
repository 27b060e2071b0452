package io.krystaline.sink.api;

import io.krystaline.platform.http.HttpException;
import io.krystaline.platform.http.HttpRequest;
import io.krystaline.platform.http.JsonBodies;
import org.jspecify.annotations.Nullable;

/** Reads what people send with an action, and holds it to its limits. Safe on every thread. */
final class ActionBodies {
  static final int WHO_LENGTH_MAX = 200;
  static final int TEXT_LENGTH_MAX = 4_000;

  private final JsonBodies json;

  ActionBodies(JsonBodies json) {
    this.json = json;
  }

  /** The body; the request may have no query parameters. */
  <T> T read(HttpRequest request, Class<T> type) {
    ApiParameters.of(request.query());
    return json.read(request, type);
  }

  /** Who acts: 1 to 200 characters that are not all blank. */
  static String who(@Nullable String by) {
    return required("by", by, WHO_LENGTH_MAX);
  }

  /** A text that must be there. */
  static String required(String name, @Nullable String text, int lengthMax) {
    if (text == null || text.isBlank() || text.length() > lengthMax) {
      throw new HttpException(400, "'%s' must have 1 to %d characters".formatted(name, lengthMax));
    }
    return text.strip();
  }

  /** A text that may be left out, and then is empty. */
  static String optional(String name, @Nullable String text) {
    if (text == null) {
      return "";
    }
    if (text.length() > TEXT_LENGTH_MAX) {
      throw new HttpException(
          400, "'%s' must have %d characters at most".formatted(name, TEXT_LENGTH_MAX));
    }
    return text.strip();
  }

  /** The number in the path; 404 where it is none. */
  static long number(HttpRequest request, String what) {
    String id = request.pathParameter("id");
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException e) {
      throw new HttpException(404, "no " + what + " '" + ApiParameters.printable(id) + "'", e);
    }
  }
}
