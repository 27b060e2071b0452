package io.krystaline.sink.receive;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import org.xerial.snappy.SnappyFramedOutputStream;

/** Compresses for tests, with other code than the receivers read with. */
final class Compressed {
  private Compressed() {}

  static OutputStream stream(String coding, OutputStream target) throws IOException {
    return switch (coding) {
      case "gzip" -> new GZIPOutputStream(target);
      case "zstd" -> new ZstdOutputStream(target);
      case "snappy" -> new SnappyFramedOutputStream(target);
      default -> throw new IllegalArgumentException(coding);
    };
  }

  static byte[] bytes(String coding, byte[] plain) {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    try (OutputStream stream = stream(coding, target)) {
      stream.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return target.toByteArray();
  }
}
