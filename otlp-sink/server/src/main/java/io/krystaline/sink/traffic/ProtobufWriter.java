package io.krystaline.sink.traffic;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing buffer that protobuf fields are appended to; no message objects. A message whose length
 * is not known beforehand is begun with {@link #begin}, which leaves room for a length of two
 * bytes, and moved where it turns out longer or shorter.
 *
 * <p>Owned by one thread.
 */
final class ProtobufWriter {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int DELIMITED = 2;
  private static final int ROOM_FOR_LENGTH = 2;

  private byte[] bytes;
  private ByteBuffer view;
  private int size;

  ProtobufWriter(int capacity) {
    bytes = new byte[capacity];
    view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, size);
  }

  void varintField(int field, long value) {
    varint((long) field << 3 | VARINT);
    varint(value);
  }

  void fixed64Field(int field, long value) {
    varint((long) field << 3 | FIXED64);
    ensure(Long.BYTES);
    view.putLong(size, value);
    size += Long.BYTES;
  }

  void stringField(int field, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    header(field, utf8.length);
    raw(utf8, utf8.length);
  }

  /** An id of eight bytes, big-endian as ids are written. */
  void idField(int field, long id) {
    header(field, Long.BYTES);
    ensure(Long.BYTES);
    view.putLong(size, Long.reverseBytes(id));
    size += Long.BYTES;
  }

  /** An id of sixteen bytes. */
  void idField(int field, long high, long low) {
    header(field, 2 * Long.BYTES);
    ensure(2 * Long.BYTES);
    view.putLong(size, Long.reverseBytes(high));
    view.putLong(size + Long.BYTES, Long.reverseBytes(low));
    size += 2 * Long.BYTES;
  }

  /** Tag and length of a delimited field whose content follows. */
  void header(int field, int length) {
    varint((long) field << 3 | DELIMITED);
    varint(length);
  }

  void raw(byte[] content, int length) {
    ensure(length);
    System.arraycopy(content, 0, bytes, size, length);
    size += length;
  }

  /** Begins a message; what it returns is handed to {@link #end}. */
  int begin(int field) {
    varint((long) field << 3 | DELIMITED);
    ensure(ROOM_FOR_LENGTH);
    size += ROOM_FOR_LENGTH;
    return size;
  }

  /** Ends the message begun at {@code start}: writes its length before its content. */
  void end(int start) {
    int length = size - start;
    int lengthBytes = varintBytes(length);
    int shift = lengthBytes - ROOM_FOR_LENGTH;
    if (shift != 0) {
      ensure(Math.max(0, shift));
      System.arraycopy(bytes, start, bytes, start + shift, length);
    }
    size = start - ROOM_FOR_LENGTH;
    varint(length);
    size += length;
  }

  private static int varintBytes(long value) {
    return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  private void varint(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
      view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
