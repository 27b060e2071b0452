package io.krystaline.engine.decode;

import java.util.List;
import java.util.Objects;

/**
 * Something that happened during a span.
 *
 * @param timeNanos when, nanoseconds since the Unix epoch, unsigned; 0 for unknown
 * @param name what, may be empty
 * @param attributes its attributes in the order they were sent
 */
public record SpanEvent(long timeNanos, String name, List<Attribute> attributes) {
  public SpanEvent {
    Objects.requireNonNull(name, "name");
    attributes = List.copyOf(attributes);
  }
}
