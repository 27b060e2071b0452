package io.krystaline.sink.receive;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import org.xerial.snappy.SnappyFramedInputStream;

/** A compression that senders may use, by the name that it has on the wire. */
enum ContentCoding {
  IDENTITY("identity"),
  GZIP("gzip"),
  ZSTD("zstd"),
  /** The framed form of snappy, as the collector's gRPC exporter sends it. */
  SNAPPY("snappy");

  /** Frames whose window is over 64 MiB are refused: it is memory that a sender makes us take. */
  private static final int ZSTD_WINDOW_LOG_MAX = 26;

  private final String token;

  ContentCoding(String token) {
    this.token = token;
  }

  String token() {
    return token;
  }

  /** The coding of a name in any case. */
  static Optional<ContentCoding> of(String token) {
    String lowerCase = token.strip().toLowerCase(Locale.ROOT);
    for (ContentCoding coding : values()) {
      if (coding.token.equals(lowerCase)) {
        return Optional.of(coding);
      }
    }
    return Optional.empty();
  }

  /**
   * Decompresses a stream, all members or frames of it. Nothing is read before the first read of
   * the result, and every fault of the data is an {@link IOException} with a short text that holds
   * nothing of the data.
   */
  InputStream decompress(InputStream source) {
    return this == IDENTITY ? source : new DecompressedInputStream(this, source);
  }

  /** Opens the stream of the library; may read. */
  InputStream open(InputStream source) throws IOException {
    return switch (this) {
      case IDENTITY -> source;
      case GZIP -> new GzipMembersInputStream(source);
      case ZSTD -> new ZstdInputStreamNoFinalizer(source).setLongMax(ZSTD_WINDOW_LOG_MAX);
      case SNAPPY -> new SnappyFramedInputStream(source, true);
    };
  }
}
