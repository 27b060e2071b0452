package io.krystaline.sink.store;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the list of incidents: the last one that was seen. It stays valid while incidents are
 * added or removed around it. To a client it is an opaque text.
 *
 * @param startNanos the start of the last incident seen, nanoseconds since the Unix epoch
 * @param id its id
 */
public record IncidentCursor(long startNanos, String id) {
  private static final int LENGTH_MAX = 256;
  private static final Pattern FORM = Pattern.compile("i1/(-?\\d{1,19})/([0-9a-zA-Z_-]{1,128})");

  public IncidentCursor {
    Objects.requireNonNull(id, "id");
  }

  /**
   * Reads the text that {@link #encode} wrote.
   *
   * @throws IllegalArgumentException if the text is not one that {@link #encode} writes
   */
  public static IncidentCursor decode(String text) {
    if (text.length() > LENGTH_MAX) {
      throw new IllegalArgumentException("not a cursor: too long");
    }
    Matcher matcher =
        FORM.matcher(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a cursor: " + text);
    }
    return new IncidentCursor(Long.parseLong(matcher.group(1)), matcher.group(2));
  }

  /** The cursor as base64url. */
  public String encode() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("i1/" + startNanos + "/" + id).getBytes(StandardCharsets.US_ASCII));
  }
}
