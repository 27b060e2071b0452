package io.krystaline.sink.pipeline;

/** How a message came in. */
public enum Transport {
  GRPC("grpc"),
  HTTP_PROTOBUF("http_protobuf"),
  HTTP_JSON("http_json");

  private final String label;

  Transport(String label) {
    this.label = label;
  }

  /** The value of the {@code transport} label in metrics. */
  public String label() {
    return label;
  }
}
