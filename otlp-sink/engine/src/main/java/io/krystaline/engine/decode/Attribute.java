package io.krystaline.engine.decode;

import java.util.Objects;

/**
 * A named value.
 *
 * @param key its name, may be empty; {@code "…"} where the value is {@link AttributeValue.Omitted}
 * @param value its value
 */
public record Attribute(String key, AttributeValue value) {
  public Attribute {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
  }
}
