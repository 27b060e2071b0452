package io.krystaline.bench.load;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.xerial.snappy.SnappyFramedOutputStream;

/** How messages are compressed, as a collector's exporters do it: at the default level of each. */
public enum Compression {
  NONE("identity"),
  GZIP("gzip"),
  ZSTD("zstd"),
  /** The framed form, over gRPC only. */
  SNAPPY("snappy");

  private final String token;

  Compression(String token) {
    this.token = token;
  }

  /** Its name on the wire. */
  public String token() {
    return token;
  }

  /** The bytes compressed; the same array where there is no compression. */
  public byte[] compress(byte[] bytes, int length) {
    if (this == NONE && bytes.length == length) {
      return bytes;
    }
    if (this == ZSTD) {
      return Zstd.compress(Arrays.copyOf(bytes, length));
    }
    ByteArrayOutputStream compressed = new ByteArrayOutputStream(length / 4 + 64);
    try (OutputStream out = stream(compressed)) {
      out.write(bytes, 0, length);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return compressed.toByteArray();
  }

  private OutputStream stream(OutputStream target) throws IOException {
    return switch (this) {
      case GZIP -> new GZIPOutputStream(target, 1 << 14);
      case SNAPPY -> new SnappyFramedOutputStream(target);
      case NONE, ZSTD -> target;
    };
  }
}
