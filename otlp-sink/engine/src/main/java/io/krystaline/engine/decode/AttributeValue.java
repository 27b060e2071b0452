package io.krystaline.engine.decode;

import java.util.List;
import java.util.Objects;

/** The value of one attribute, cut to the limits of {@link SpanDetailLimits}. */
public sealed interface AttributeValue {

  /** The one instance of {@link Empty}. */
  Empty EMPTY = new Empty();

  /** A value that was sent without content. */
  record Empty() implements AttributeValue {}

  /**
   * A string.
   *
   * @param value its characters; where it was cut it ends with {@code "… (+N bytes)"}
   */
  record Text(String value) implements AttributeValue {
    public Text {
      Objects.requireNonNull(value, "value");
    }
  }

  /** A truth value. */
  record Bool(boolean value) implements AttributeValue {}

  /** A whole number of 64 bits. */
  record Whole(long value) implements AttributeValue {}

  /** A floating-point number; may be NaN or infinite, which JSON has no number for. */
  record Real(double value) implements AttributeValue {}

  /**
   * Bytes.
   *
   * @param base64 the first bytes, as standard padded base64
   * @param length how many bytes were sent, also those that were cut
   */
  record Binary(String base64, int length) implements AttributeValue {
    public Binary {
      Objects.requireNonNull(base64, "base64");
    }
  }

  /** Values in order; where it was cut the last one is {@link Omitted}. */
  record Sequence(List<AttributeValue> values) implements AttributeValue {
    public Sequence {
      values = List.copyOf(values);
    }
  }

  /** Named values in order; where it was cut the last one's value is {@link Omitted}. */
  record Structure(List<Attribute> entries) implements AttributeValue {
    public Structure {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Stands for values that were cut.
   *
   * @param values how many
   */
  record Omitted(int values) implements AttributeValue {}
}
