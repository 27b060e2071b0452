package io.krystaline.engine.incident;

import java.util.Objects;

/**
 * One shape of error: spans that fail in the same way have the same fingerprint.
 *
 * @param id 16 hex digits, from the type, the normalised message and the top frames
 * @param service whose spans failed
 * @param type the exception's type, or the status description's kind; may be empty
 * @param message the message with numbers, ids and quoted values replaced by a star
 * @param count how many of the sampled spans show it
 * @param stackTrace one stack trace as it came, shortened; may be empty
 */
public record ErrorFingerprint(
    String id, String service, String type, String message, int count, String stackTrace) {
  public ErrorFingerprint {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(stackTrace, "stackTrace");
  }
}
