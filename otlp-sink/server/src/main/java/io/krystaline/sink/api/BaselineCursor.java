package io.krystaline.sink.api;

import io.krystaline.engine.span.OperationKey;
import io.krystaline.engine.span.SpanKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Comparator;

/**
 * A place in the list of baselines: the last one that was seen, by the value that the list is
 * sorted by, then by key. To a client it is an opaque text.
 *
 * @param sort what the list is sorted by; the cursor of another order is refused
 * @param value 0 where the list is sorted by key
 */
record BaselineCursor(String sort, double value, OperationKey key) {
  private static final int TEXT_LENGTH_MAX = 8_192;

  /** The rising order. */
  static final Comparator<BaselineCursor> ORDER =
      Comparator.comparingDouble(BaselineCursor::value)
          .thenComparing(cursor -> cursor.key.service())
          .thenComparing(cursor -> cursor.key.operation())
          .thenComparing(cursor -> cursor.key.kind());

  String encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(sort);
      out.writeDouble(value);
      out.writeUTF(key.service());
      out.writeUTF(key.operation());
      out.writeByte(key.kind().ordinal());
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  /**
   * Reads the text that {@link #encode} wrote.
   *
   * @throws IllegalArgumentException if it is not of this order
   */
  static BaselineCursor decode(String sort, String text) {
    if (text.length() > TEXT_LENGTH_MAX) {
      throw new IllegalArgumentException("a cursor is not this long");
    }
    byte[] bytes = Base64.getUrlDecoder().decode(text);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      String itsSort = in.readUTF();
      double value = in.readDouble();
      OperationKey key =
          new OperationKey(in.readUTF(), in.readUTF(), SpanKind.fromWire(in.readByte()));
      if (in.available() > 0 || !itsSort.equals(sort) || Double.isNaN(value)) {
        throw new IllegalArgumentException("not a cursor of this list");
      }
      return new BaselineCursor(sort, value, key);
    } catch (IOException e) {
      throw new IllegalArgumentException("not a cursor", e);
    }
  }
}
