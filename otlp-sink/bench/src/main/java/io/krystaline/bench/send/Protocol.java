package io.krystaline.bench.send;

import io.krystaline.bench.load.Compression;
import io.krystaline.bench.load.Encoding;

/** The ways in which OTLP goes over the wire. */
public enum Protocol {
  GRPC(Encoding.PROTOBUF, "grpc"),
  HTTP_PROTOBUF(Encoding.PROTOBUF, "http-protobuf"),
  HTTP_JSON(Encoding.JSON, "http-json");

  private final Encoding encoding;
  private final String label;

  Protocol(Encoding encoding, String label) {
    this.encoding = encoding;
    this.label = label;
  }

  /** How its messages are written. */
  public Encoding encoding() {
    return encoding;
  }

  /** Opens connections. */
  public Exporter open(String host, int port, int connections, Compression compression) {
    return this == GRPC
        ? new GrpcExporter(host, port, connections, compression)
        : new HttpExporter(host, port, connections, encoding, compression);
  }

  /** Its name in options. */
  @Override
  public String toString() {
    return label;
  }
}
