package io.krystaline.bench.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** How messages are written, and how ids and times are written over others in place. */
public enum Encoding {
  /** Ids as bytes, times as 64 bits, the lowest byte first. */
  PROTOBUF(8) {
    @Override
    void writeId(byte[] bytes, int at, long id) {
      BIG.set(bytes, at, id);
    }

    @Override
    void writeTime(byte[] bytes, int at, long nanos) {
      LITTLE.set(bytes, at, nanos);
    }
  },
  /** Ids as hexadecimal digits, times as 19 decimal digits. */
  JSON(16) {
    @Override
    void writeId(byte[] bytes, int at, long id) {
      long rest = id;
      for (int digit = 15; digit >= 0; digit--) {
        int value = (int) rest & 15;
        bytes[at + digit] = (byte) (value < 10 ? '0' + value : 'a' - 10 + value);
        rest >>>= 4;
      }
    }

    @Override
    void writeTime(byte[] bytes, int at, long nanos) {
      long rest = nanos;
      for (int digit = TIME_DIGITS - 1; digit >= 0; digit--) {
        long tenth = rest / 10;
        bytes[at + digit] = (byte) ('0' + (rest - tenth * 10));
        rest = tenth;
      }
    }
  };

  /** Digits of nanoseconds since the epoch, from the year 2001 to 2262. */
  static final int TIME_DIGITS = 19;

  private static final VarHandle BIG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LITTLE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final int idBytes;

  Encoding(int idBytes) {
    this.idBytes = idBytes;
  }

  /** Bytes that 64 bits of an id take. */
  int idBytes() {
    return idBytes;
  }

  abstract void writeId(byte[] bytes, int at, long id);

  abstract void writeTime(byte[] bytes, int at, long nanos);
}
