package io.krystaline.engine.score;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Hashes and compares the bytes of names, eight at a time. */
final class NameHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  static final long FIRST = 0x9E3779B97F4A7C15L;
  static final long SECOND = 0xD1B54A32D192ED03L;

  private NameHash() {}

  /** The 64-bit hash of some bytes under a seed. */
  static long hash(long seed, byte[] bytes, int offset, int length) {
    long hash = seed ^ (length * SECOND);
    int position = offset;
    int last = offset + length - 8;
    while (position <= last) {
      hash = mix(hash ^ (long) LONGS.get(bytes, position), FIRST);
      position += 8;
    }
    int rest = offset + length - position;
    if (rest > 0) {
      hash = mix(hash ^ tail(bytes, position, rest), SECOND);
    }
    return hash ^ (hash >>> 29);
  }

  /** Folds the 128-bit product of two numbers. One of them must depend on a secret seed. */
  static long mix(long a, long b) {
    return Math.multiplyHigh(a, b) ^ (a * b);
  }

  /**
   * Eight bytes of a name from a position on, those beyond its end 0. No branch depends on the
   * length: the processor would seldom foresee it.
   *
   * @param position may lie beyond the name's end; the array has eight bytes from there on
   * @param end of the name
   */
  static long word(byte[] bytes, int position, int end) {
    int count = Math.max(0, Math.min(8, end - position));
    long mask = ((1L << (count << 3)) - 1) | -(count >>> 3);
    return (long) LONGS.get(bytes, position) & mask;
  }

  /**
   * The 64-bit hash of four words. Both factors of each product depend on the seed, so nobody who
   * does not know it can choose one that is 0, and with it the product.
   *
   * @param seed 64 bits as good as random, itself a hash
   */
  static long hash(long seed, long first, long second, long third, long fourth) {
    long hash =
        mix(first ^ seed, second ^ Long.rotateLeft(seed, 16))
            ^ mix(third ^ Long.rotateLeft(seed, 32), fourth ^ Long.rotateLeft(seed, 48));
    return hash ^ (hash >>> 29);
  }

  static boolean same(byte[] a, int aOffset, byte[] b, int bOffset, int length) {
    int position = 0;
    for (; position <= length - 8; position += 8) {
      if ((long) LONGS.get(a, aOffset + position) != (long) LONGS.get(b, bOffset + position)) {
        return false;
      }
    }
    for (; position < length; position++) {
      if (a[aOffset + position] != b[bOffset + position]) {
        return false;
      }
    }
    return true;
  }

  private static long tail(byte[] bytes, int position, int rest) {
    long word = 0;
    for (int i = 0; i < rest; i++) {
      word |= (bytes[position + i] & 0xFFL) << (i * 8);
    }
    return word;
  }
}
