package io.krystaline.engine.inflate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads and copies bytes eight at a time. */
final class Words {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int WORD_BYTES = 8;
  private static final int UNCONDITIONAL_BYTES = 5 * WORD_BYTES;

  /** At most so many bytes behind a match are overwritten by {@link #copyMatch}. */
  static final int COPY_SLACK = UNCONDITIONAL_BYTES;

  private Words() {}

  /** Eight bytes, the first the lowest. */
  static long get(byte[] bytes, int position) {
    return (long) LONGS.get(bytes, position);
  }

  /**
   * Copies from some bytes before; a match that is longer than its distance repeats itself. Copies
   * 40 bytes whether it has them or not, as no branch is then foreseen wrongly: what passes its end
   * is overwritten by what follows.
   */
  static void copyMatch(byte[] bytes, int position, int distance, int length) {
    int from = position - distance;
    if (distance < WORD_BYTES) {
      for (int i = 0; i < length; i++) {
        bytes[position + i] = bytes[from + i];
      }
      return;
    }
    copy(bytes, from, position);
    copy(bytes, from + 8, position + 8);
    copy(bytes, from + 16, position + 16);
    copy(bytes, from + 24, position + 24);
    copy(bytes, from + 32, position + 32);
    int rest = length - UNCONDITIONAL_BYTES;
    if (rest > 0) {
      copyRest(bytes, from + UNCONDITIONAL_BYTES, position + UNCONDITIONAL_BYTES, rest);
    }
  }

  private static void copyRest(byte[] bytes, int from, int to, int length) {
    if (to - from >= length) {
      System.arraycopy(bytes, from, bytes, to, length);
    } else {
      for (int i = 0; i < length; i += WORD_BYTES) {
        copy(bytes, from + i, to + i);
      }
    }
  }

  private static void copy(byte[] bytes, int from, int to) {
    LONGS.set(bytes, to, (long) LONGS.get(bytes, from));
  }
}
