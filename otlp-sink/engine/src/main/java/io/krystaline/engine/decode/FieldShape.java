package io.krystaline.engine.decode;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One field of a message.
 *
 * @param number its number on the wire, 1 to 63
 * @param jsonName its lowerCamelCase name
 * @param type its type
 * @param repeated whether it may hold several values
 * @param child the shape of its messages, null unless its type is {@link FieldType#MESSAGE}
 * @param enumNames the numbers of its names, empty unless its type is {@link FieldType#ENUM}
 */
record FieldShape(
    int number,
    String jsonName,
    FieldType type,
    boolean repeated,
    @Nullable MessageShape child,
    Map<String, Integer> enumNames) {
  FieldShape {
    if (number < 1 || number > 63) {
      throw new IllegalArgumentException("field number " + number + " is not in 1 to 63");
    }
    if ((type == FieldType.MESSAGE) != (child != null)) {
      throw new IllegalArgumentException("field " + jsonName + " and its message do not agree");
    }
    enumNames = Map.copyOf(enumNames);
  }

  static FieldShape one(int number, String jsonName, FieldType type) {
    return new FieldShape(number, jsonName, type, false, null, Map.of());
  }

  static FieldShape many(int number, String jsonName, FieldType type) {
    return new FieldShape(number, jsonName, type, true, null, Map.of());
  }

  static FieldShape one(int number, String jsonName, MessageShape child) {
    return new FieldShape(number, jsonName, FieldType.MESSAGE, false, child, Map.of());
  }

  static FieldShape many(int number, String jsonName, MessageShape child) {
    return new FieldShape(number, jsonName, FieldType.MESSAGE, true, child, Map.of());
  }

  static FieldShape named(int number, String jsonName, Map<String, Integer> enumNames) {
    return new FieldShape(number, jsonName, FieldType.ENUM, false, null, enumNames);
  }

  int tag() {
    return number << 3 | type.wireType();
  }
}
