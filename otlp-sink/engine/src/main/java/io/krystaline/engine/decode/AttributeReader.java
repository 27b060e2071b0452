package io.krystaline.engine.decode;

import java.util.ArrayList;
import java.util.List;

/** Reads validated key-values within limits. Safe for any thread. */
final class AttributeReader {
  private static final String OMITTED_KEY = "…";

  private final SpanDetailLimits limits;

  AttributeReader(SpanDetailLimits limits) {
    this.limits = limits;
  }

  /**
   * Reads the key-value at the cursor into the list, unless the list is full.
   *
   * @param seen how many key-values came before it
   */
  void add(FieldCursor field, List<Attribute> attributes, int seen) {
    if (seen < limits.attributesMax()) {
      attributes.add(attribute(field.message(), 0));
    }
  }

  /** The list, with a note where fewer were read than seen. */
  List<Attribute> closed(List<Attribute> attributes, int seen) {
    int omitted = seen - attributes.size();
    if (omitted > 0) {
      attributes.add(new Attribute(OMITTED_KEY, new AttributeValue.Omitted(omitted)));
    }
    return attributes;
  }

  private Attribute attribute(FieldCursor keyValue, int depth) {
    String key = "";
    AttributeValue value = AttributeValue.EMPTY;
    while (keyValue.next()) {
      if (keyValue.is(1, Wire.DELIMITED)) {
        key = keyValue.text(limits.textBytesMax());
      } else if (keyValue.is(2, Wire.DELIMITED)) {
        value = value(keyValue.message(), depth, value);
      }
    }
    return new Attribute(key, value);
  }

  /** The last member of the oneof counts; without any the value before it stays. */
  private AttributeValue value(FieldCursor any, int depth, AttributeValue before) {
    AttributeValue value = before;
    while (any.next()) {
      value =
          switch (any.tag()) {
            case 1 << 3 | Wire.DELIMITED ->
                new AttributeValue.Text(any.text(limits.textBytesMax()));
            case 2 << 3 -> new AttributeValue.Bool(any.varint() != 0);
            case 3 << 3 -> new AttributeValue.Whole(any.varint());
            case 4 << 3 | Wire.FIXED64 ->
                new AttributeValue.Real(Double.longBitsToDouble(any.fixed64()));
            case 5 << 3 | Wire.DELIMITED -> sequence(any.message(), depth);
            case 6 << 3 | Wire.DELIMITED -> structure(any.message(), depth);
            case 7 << 3 | Wire.DELIMITED -> any.binary(limits.textBytesMax());
            case 8 << 3 -> AttributeValue.EMPTY;
            default -> value;
          };
    }
    return value;
  }

  private AttributeValue sequence(FieldCursor array, int depth) {
    int seen = 0;
    List<AttributeValue> values = new ArrayList<>();
    while (array.next()) {
      if (array.is(1, Wire.DELIMITED)) {
        if (seen++ < limits.attributesMax() && depth < limits.depthMax()) {
          values.add(value(array.message(), depth + 1, AttributeValue.EMPTY));
        }
      }
    }
    if (seen > values.size()) {
      values.add(new AttributeValue.Omitted(seen - values.size()));
    }
    return new AttributeValue.Sequence(values);
  }

  private AttributeValue structure(FieldCursor list, int depth) {
    int seen = 0;
    List<Attribute> entries = new ArrayList<>();
    while (list.next()) {
      if (list.is(1, Wire.DELIMITED)) {
        if (seen++ < limits.attributesMax() && depth < limits.depthMax()) {
          entries.add(attribute(list.message(), depth + 1));
        }
      }
    }
    return new AttributeValue.Structure(closed(entries, seen));
  }
}
