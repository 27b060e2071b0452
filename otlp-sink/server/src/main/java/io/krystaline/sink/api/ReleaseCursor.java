package io.krystaline.sink.api;

import io.krystaline.engine.release.ReleaseState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Comparator;

/**
 * A place in the list of releases: the last one that was seen. To a client it is an opaque text.
 */
record ReleaseCursor(long firstSeenNanos, String service, String version) {
  private static final int TEXT_LENGTH_MAX = 8_192;

  /** The order of the list. */
  static final Comparator<ReleaseState> LATEST_FIRST =
      Comparator.comparing(ReleaseCursor::of, ReleaseCursor::compare);

  static ReleaseCursor of(ReleaseState state) {
    return new ReleaseCursor(state.firstSeenNanos(), state.service(), state.version());
  }

  /** Whether a release comes after this place. */
  boolean isBefore(ReleaseState state) {
    return compare(this, of(state)) < 0;
  }

  private static int compare(ReleaseCursor one, ReleaseCursor other) {
    int by = Long.compare(other.firstSeenNanos, one.firstSeenNanos);
    if (by == 0) {
      by = one.service.compareTo(other.service);
    }
    return by == 0 ? one.version.compareTo(other.version) : by;
  }

  String encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(firstSeenNanos);
      out.writeUTF(service);
      out.writeUTF(version);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  /**
   * Reads the text that {@link #encode} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static ReleaseCursor decode(String text) {
    if (text.length() > TEXT_LENGTH_MAX) {
      throw new IllegalArgumentException("a cursor is not this long");
    }
    byte[] bytes = Base64.getUrlDecoder().decode(text);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      ReleaseCursor cursor = new ReleaseCursor(in.readLong(), in.readUTF(), in.readUTF());
      if (in.available() > 0) {
        throw new IllegalArgumentException("not a cursor of this list");
      }
      return cursor;
    } catch (IOException e) {
      throw new IllegalArgumentException("not a cursor", e);
    }
  }
}
