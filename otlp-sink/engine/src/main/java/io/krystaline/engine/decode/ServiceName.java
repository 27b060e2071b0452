package io.krystaline.engine.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the value of {@code service.name} in a validated attribute, without an object: a range of
 * bytes packed as {@link Wire#delimited} packs it.
 */
final class ServiceName {
  /** The attribute is another one. */
  static final long OTHER_KEY = -1;

  /** The attribute is {@code service.name}, but holds no string or an empty one. */
  static final long NO_NAME = -2;

  private static final byte[] KEY = "service.name".getBytes(StandardCharsets.UTF_8);

  private ServiceName() {}

  /**
   * Reads a key-value. A key given twice counts with its last, values given twice are merged, as
   * protobuf has it.
   *
   * @return {@link #OTHER_KEY}, {@link #NO_NAME}, or the packed range of a string that is not empty
   */
  static long find(byte[] bytes, int from, int limit) {
    boolean named = false;
    long name = NO_NAME;
    int at = from;
    while (at < limit) {
      long packed = Wire.tag(bytes, at, limit);
      int tag = Wire.value(packed);
      at = Wire.position(packed);
      if (tag == (1 << 3 | Wire.DELIMITED)) {
        long range = Wire.delimited(bytes, at, limit);
        at = Wire.value(range);
        named = Arrays.equals(bytes, Wire.position(range), at, KEY, 0, KEY.length);
      } else if (tag == (2 << 3 | Wire.DELIMITED)) {
        long range = Wire.delimited(bytes, at, limit);
        at = Wire.value(range);
        name = string(bytes, Wire.position(range), at, name);
      } else {
        at = Wire.skip(bytes, at, limit, tag, 0);
      }
    }
    return named ? name : OTHER_KEY;
  }

  /** The last member of the value's oneof decides; a value without any keeps what was before. */
  private static long string(byte[] bytes, int from, int limit, long before) {
    long name = before;
    int at = from;
    while (at < limit) {
      long packed = Wire.tag(bytes, at, limit);
      int tag = Wire.value(packed);
      at = Wire.position(packed);
      if (tag == (1 << 3 | Wire.DELIMITED)) {
        long range = Wire.delimited(bytes, at, limit);
        at = Wire.value(range);
        name = Wire.position(range) == at ? NO_NAME : range;
      } else {
        if (OtlpShapes.ANY_VALUE.action(tag) != MessageShape.UNKNOWN) {
          name = NO_NAME;
        }
        at = Wire.skip(bytes, at, limit, tag, 0);
      }
    }
    return name;
  }
}
