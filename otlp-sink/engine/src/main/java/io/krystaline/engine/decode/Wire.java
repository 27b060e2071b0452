package io.krystaline.engine.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The primitives of protobuf's wire format over a byte array, as pure functions.
 *
 * <p>A function that gives a value and a new position packs them in one long: the position in the
 * upper half, the value in the lower. Nothing is read at or after {@code limit}.
 */
final class Wire {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int DELIMITED = 2;
  static final int START_GROUP = 3;
  static final int END_GROUP = 4;
  static final int FIXED32 = 5;

  /** How deep messages and groups may lie in each other, as protobuf-java has it. */
  static final int DEPTH_MAX = 100;

  static final VarHandle LITTLE_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle BIG_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle LITTLE_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final String TRUNCATED = "a field is cut off";

  private Wire() {}

  /** The position half of a packed result. */
  static int position(long packed) {
    return (int) (packed >>> 32);
  }

  /** The value half of a packed result. */
  static int value(long packed) {
    return (int) packed;
  }

  private static long pack(int position, int value) {
    return (long) position << 32 | (value & 0xffffffffL);
  }

  /** A range of positions, as {@link #delimited} gives it. */
  static long range(int from, int to) {
    return pack(from, to);
  }

  static long littleLong(byte[] bytes, int position) {
    return (long) LITTLE_LONG.get(bytes, position);
  }

  static long bigLong(byte[] bytes, int position) {
    return (long) BIG_LONG.get(bytes, position);
  }

  /** Eight bytes, little-endian. */
  static long fixed64(byte[] bytes, int position, int limit) {
    if (limit - position < 8) {
      throw truncated(position);
    }
    return littleLong(bytes, position);
  }

  /** A tag, and the position after it. Field number 0 is refused. */
  static long tag(byte[] bytes, int position, int limit) {
    int first = bytes[position];
    long packed = first >= 0 ? pack(position + 1, first) : varint32(bytes, position, limit);
    if ((int) packed >>> 3 == 0) {
      throw new MalformedWireException("a tag has field number 0", position);
    }
    return packed;
  }

  /** The low 32 bits of a varint, and the position after it. */
  static long varint32(byte[] bytes, int position, int limit) {
    int value = 0;
    int at = position;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at >= limit) {
        throw truncated(position);
      }
      int next = bytes[at++];
      if (shift < 32) {
        value |= (next & 0x7f) << shift;
      }
      if (next >= 0) {
        return pack(at, value);
      }
    }
    throw malformedVarint(position);
  }

  /** All 64 bits of a varint of a 64-bit type; {@link #skipVarint} gives the position after it. */
  static long varint64(byte[] bytes, int position, int limit) {
    int end = skipVarint(bytes, position, limit);
    long value = 0;
    int shift = 0;
    for (int at = position; at < end; at++) {
      value |= (bytes[at] & 0x7fL) << shift;
      shift += 7;
    }
    return value;
  }

  /**
   * The position after a varint of a 64-bit type or of an unknown field, at most ten bytes.
   *
   * <p>protobuf-java lets the tenth byte end the varint whatever its highest bit says, as long as
   * its lowest bit is set. It does so for 64-bit types only, see {@link #skipVarint32}.
   */
  static int skipVarint(byte[] bytes, int position, int limit) {
    int at = position;
    int last = Math.min(limit, position + 10);
    while (at < last) {
      if (bytes[at++] >= 0) {
        return at;
      }
    }
    if (at - position < 10) {
      throw truncated(position);
    }
    if ((bytes[at - 1] & 1) == 0) {
      throw malformedVarint(position);
    }
    return at;
  }

  /** The position after a varint of a 32-bit type, at most ten bytes. */
  static int skipVarint32(byte[] bytes, int position, int limit) {
    return position(varint32(bytes, position, limit));
  }

  /**
   * A length-delimited field's content: its first position in the upper half, the position after
   * its last byte in the lower.
   */
  static long delimited(byte[] bytes, int position, int limit) {
    if (position < limit) {
      int length = bytes[position];
      int content = position + 1;
      if (length >= 0 && length <= limit - content) {
        return pack(content, content + length);
      }
    }
    return delimitedSlow(bytes, position, limit);
  }

  private static long delimitedSlow(byte[] bytes, int position, int limit) {
    long packed = varint32(bytes, position, limit);
    int content = position(packed);
    int length = value(packed);
    if (length < 0) {
      throw new MalformedWireException("a length is negative", position);
    }
    if (length > limit - content) {
      throw new MalformedWireException("a length goes beyond its message", position);
    }
    return pack(content, content + length);
  }

  /** The position after {@code size} bytes. */
  static int skipFixed(int position, int size, int limit) {
    if (size > limit - position) {
      throw truncated(position);
    }
    return position + size;
  }

  /**
   * The position after an unknown field's value.
   *
   * @param position after the tag
   * @param depth how many messages and groups enclose the field
   */
  static int skip(byte[] bytes, int position, int limit, int tag, int depth) {
    return switch (tag & 7) {
      case VARINT -> skipVarint(bytes, position, limit);
      case FIXED64 -> skipFixed(position, 8, limit);
      case DELIMITED -> value(delimited(bytes, position, limit));
      case START_GROUP -> skipGroup(bytes, position, limit, tag, depth);
      case FIXED32 -> skipFixed(position, 4, limit);
      case END_GROUP ->
          throw new MalformedWireException("a group ends that did not begin", position);
      default -> throw new MalformedWireException("a tag has an unknown wire type", position);
    };
  }

  private static int skipGroup(byte[] bytes, int position, int limit, int startTag, int depth) {
    checkDepth(depth, position);
    int endTag = (startTag & ~7) | END_GROUP;
    int at = position;
    while (at < limit) {
      long packed = tag(bytes, at, limit);
      int tag = value(packed);
      at = position(packed);
      if (tag == endTag) {
        return at;
      }
      at = skip(bytes, at, limit, tag, depth + 1);
    }
    throw new MalformedWireException("a group does not end", position);
  }

  /** Refuses one level more than {@link #DEPTH_MAX}. */
  static void checkDepth(int depth, int position) {
    if (depth >= DEPTH_MAX) {
      throw new MalformedWireException("messages lie too deep in each other", position);
    }
  }

  static MalformedWireException truncated(int position) {
    return new MalformedWireException(TRUNCATED, position);
  }

  private static MalformedWireException malformedVarint(int position) {
    return new MalformedWireException("a varint is longer than ten bytes", position);
  }
}
