package io.krystaline.sink.api;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Attributes of OTLP as JSON values. What JSON cannot say exactly becomes text: an integer beyond
 * 2^53, a number that is not finite, and bytes as Base64. Huge values are cut, and say so.
 */
final class AttributeValues {
  /** Longest text or bytes of one value. */
  static final int LENGTH_MAX = 16_384;

  /** Most attributes of one map, and most values of one list. */
  static final int ITEMS_MAX = 1_000;

  /** Deepest nesting of lists and maps. */
  static final int DEPTH_MAX = 16;

  private static final long EXACT_MAX = 1L << 53;
  private static final String CUT = "... (cut)";

  private AttributeValues() {}

  /** By key, in their order; the last of a key that is there twice. */
  static Map<String, Object> map(List<KeyValue> attributes) {
    return map(attributes, 0);
  }

  private static Map<String, Object> map(List<KeyValue> attributes, int depth) {
    Map<String, Object> map = LinkedHashMap.newLinkedHashMap(Math.min(16, attributes.size()));
    for (KeyValue attribute : attributes) {
      if (map.size() == ITEMS_MAX) {
        map.put(CUT, (attributes.size() - ITEMS_MAX) + " more attributes");
        return map;
      }
      map.put(cut(attribute.getKey()), value(attribute.getValue(), depth));
    }
    return map;
  }

  private static Object value(AnyValue value, int depth) {
    if (depth >= DEPTH_MAX) {
      return CUT;
    }
    return switch (value.getValueCase()) {
      case STRING_VALUE -> cut(value.getStringValue());
      case BOOL_VALUE -> value.getBoolValue();
      case INT_VALUE -> whole(value.getIntValue());
      case DOUBLE_VALUE -> number(value.getDoubleValue());
      case ARRAY_VALUE -> list(value.getArrayValue().getValuesList(), depth + 1);
      case KVLIST_VALUE -> map(value.getKvlistValue().getValuesList(), depth + 1);
      case BYTES_VALUE -> bytes(value.getBytesValue().toByteArray());
      default -> "";
    };
  }

  private static List<Object> list(List<AnyValue> values, int depth) {
    List<Object> list = new ArrayList<>();
    for (AnyValue value : values) {
      if (list.size() == ITEMS_MAX) {
        list.add(CUT);
        return list;
      }
      list.add(value(value, depth));
    }
    return list;
  }

  private static Object whole(long value) {
    return value > EXACT_MAX || value < -EXACT_MAX ? (Object) Long.toString(value) : value;
  }

  private static Object number(double value) {
    return Double.isFinite(value) ? (Object) value : Double.toString(value);
  }

  private static String bytes(byte[] value) {
    boolean fits = value.length <= LENGTH_MAX;
    byte[] shown = fits ? value : Arrays.copyOf(value, LENGTH_MAX);
    return Base64.getEncoder().encodeToString(shown) + (fits ? "" : CUT);
  }

  /** A text, cut at a character where it is too long. */
  static String cut(String text) {
    if (text.length() <= LENGTH_MAX) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(LENGTH_MAX - 1)) ? LENGTH_MAX - 1 : LENGTH_MAX;
    return text.substring(0, end) + CUT;
  }
}
