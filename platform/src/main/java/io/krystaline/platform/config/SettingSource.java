package io.krystaline.platform.config;

/** Where the value of a setting came from, from the weakest source to the strongest. */
public enum SettingSource {
  /** Nobody set it; the default beside the field is used. */
  DEFAULT("default"),
  /** The configuration file. */
  FILE("file"),
  /** A system property, {@code -Dkrystaline.receive.otlp-grpc-port=4317}. */
  SYSTEM_PROPERTY("system property"),
  /** An environment variable, {@code KRYSTALINE_RECEIVE_OTLP_GRPC_PORT=4317}. */
  ENVIRONMENT("environment"),
  /** An option of the command. */
  COMMAND_LINE("command line");

  private final String label;

  SettingSource(String label) {
    this.label = label;
  }

  /** What a person reads, such as {@code system property}. */
  public String label() {
    return label;
  }
}
