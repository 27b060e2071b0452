package io.krystaline.sink.receive;

import java.util.Locale;
import java.util.Optional;

/** A compression that senders may use, by the name that it has on the wire. */
enum ContentCoding {
  IDENTITY("identity"),
  GZIP("gzip"),
  ZSTD("zstd"),
  /** The framed form of snappy, as the collector's gRPC exporter sends it. */
  SNAPPY("snappy");

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
}
