package io.krystaline.engine.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the text of one attribute of a resource in a validated key-value, without an object: a
 * range of bytes packed as {@link Wire#delimited} packs it.
 */
final class ResourceText {
  /** The attribute is another one. */
  static final long OTHER_KEY = -1;

  /** It is the attribute, but it holds no string or an empty one. */
  static final long NO_TEXT = -2;

  private static final byte[] SERVICE_NAME = "service.name".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SERVICE_VERSION = "service.version".getBytes(StandardCharsets.UTF_8);

  private ResourceText() {}

  /** As {@link #find}, of {@code service.name}. */
  static long serviceName(byte[] bytes, int from, int limit) {
    return find(bytes, from, limit, SERVICE_NAME);
  }

  /** As {@link #find}, of {@code service.version}. */
  static long serviceVersion(byte[] bytes, int from, int limit) {
    return find(bytes, from, limit, SERVICE_VERSION);
  }

  /**
   * Reads a key-value. A key given twice counts with its last, values given twice are merged, as
   * protobuf has it.
   *
   * @return {@link #OTHER_KEY}, {@link #NO_TEXT}, or the packed range of a string that is not empty
   */
  static long find(byte[] bytes, int from, int limit, byte[] key) {
    boolean named = false;
    long text = NO_TEXT;
    int at = from;
    while (at < limit) {
      long packed = Wire.tag(bytes, at, limit);
      int tag = Wire.value(packed);
      at = Wire.position(packed);
      if (tag == (1 << 3 | Wire.DELIMITED)) {
        long range = Wire.delimited(bytes, at, limit);
        at = Wire.value(range);
        named = Arrays.equals(bytes, Wire.position(range), at, key, 0, key.length);
      } else if (tag == (2 << 3 | Wire.DELIMITED)) {
        long range = Wire.delimited(bytes, at, limit);
        at = Wire.value(range);
        text = string(bytes, Wire.position(range), at, text);
      } else {
        at = Wire.skip(bytes, at, limit, tag, 0);
      }
    }
    return named ? text : OTHER_KEY;
  }

  /** The last member of the value's oneof decides; a value without any keeps what was before. */
  private static long string(byte[] bytes, int from, int limit, long before) {
    long text = before;
    int at = from;
    while (at < limit) {
      long packed = Wire.tag(bytes, at, limit);
      int tag = Wire.value(packed);
      at = Wire.position(packed);
      if (tag == (1 << 3 | Wire.DELIMITED)) {
        long range = Wire.delimited(bytes, at, limit);
        at = Wire.value(range);
        text = Wire.position(range) == at ? NO_TEXT : range;
      } else {
        if (OtlpShapes.ANY_VALUE.action(tag) != MessageShape.UNKNOWN) {
          text = NO_TEXT;
        }
        at = Wire.skip(bytes, at, limit, tag, 0);
      }
    }
    return text;
  }
}
