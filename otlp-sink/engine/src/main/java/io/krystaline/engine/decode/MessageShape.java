package io.krystaline.engine.decode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one message, found by wire tag or by JSON name. Shapes may contain themselves, so
 * the fields are set once after construction; after that a shape never changes.
 */
final class MessageShape {
  /** What to do with a field that has this tag. */
  static final byte UNKNOWN = 0;

  static final byte SKIP_VARINT = 1;
  static final byte SKIP_FIXED64 = 2;
  static final byte SKIP_FIXED32 = 3;
  static final byte SKIP_BYTES = 4;
  static final byte CHECK_STRING = 5;
  static final byte CHECK_MESSAGE = 6;
  static final byte CHECK_PACKED_VARINT = 7;
  static final byte CHECK_PACKED_FIXED64 = 8;
  static final byte CHECK_KEY_VALUE = 9;
  static final byte SKIP_VARINT32 = 10;

  private static final int TAGS = 64 * 8;

  private final String name;
  private final byte[] actions = new byte[TAGS];
  private final @Nullable MessageShape[] children = new @Nullable MessageShape[TAGS];
  private Map<String, FieldShape> byJsonName = Map.of();
  private List<FieldShape> fields = List.of();

  MessageShape(String name) {
    this.name = name;
  }

  /** Sets the fields, once. */
  void define(FieldShape... shapes) {
    if (!fields.isEmpty()) {
      throw new IllegalStateException(name + " is already defined");
    }
    fields = List.of(shapes);
    Map<String, FieldShape> names = new HashMap<>();
    for (FieldShape field : fields) {
      names.put(field.jsonName(), field);
      actions[field.tag()] = action(field);
      children[field.tag()] = field.child();
      if (field.repeated() && field.type().packable()) {
        if (field.type().narrowVarint()) {
          throw new IllegalArgumentException("OTLP packs no 32-bit varints: " + field.jsonName());
        }
        actions[field.number() << 3 | Wire.DELIMITED] =
            field.type().wireType() == Wire.VARINT ? CHECK_PACKED_VARINT : CHECK_PACKED_FIXED64;
      }
    }
    byJsonName = Map.copyOf(names);
  }

  private static byte action(FieldShape field) {
    return switch (field.type().wireType()) {
      case Wire.VARINT -> field.type().narrowVarint() ? SKIP_VARINT32 : SKIP_VARINT;
      case Wire.FIXED64 -> SKIP_FIXED64;
      case Wire.FIXED32 -> SKIP_FIXED32;
      default -> delimitedAction(field);
    };
  }

  private static byte delimitedAction(FieldShape field) {
    if (field.type() == FieldType.STRING) {
      return CHECK_STRING;
    }
    if (field.type() != FieldType.MESSAGE) {
      return SKIP_BYTES;
    }
    return field.child() == OtlpShapes.KEY_VALUE ? CHECK_KEY_VALUE : CHECK_MESSAGE;
  }

  String name() {
    return name;
  }

  List<FieldShape> fields() {
    return fields;
  }

  /** The field of this JSON name, or null. */
  @Nullable FieldShape field(String jsonName) {
    return byJsonName.get(jsonName);
  }

  /** What to do with this tag. */
  int action(int tag) {
    return tag >= 0 && tag < TAGS ? actions[tag] : UNKNOWN;
  }

  /** The shape of the messages under a tag whose action is {@link #CHECK_MESSAGE}. */
  MessageShape child(int tag) {
    MessageShape child = children[tag];
    if (child == null) {
      throw new IllegalStateException("tag " + tag + " of " + name + " holds no message");
    }
    return child;
  }
}
