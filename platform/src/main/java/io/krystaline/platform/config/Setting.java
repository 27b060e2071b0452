package io.krystaline.platform.config;

import java.util.Locale;

/**
 * One known setting with its default and its value, for a list that a person reads. Secrets are
 * already masked in it.
 *
 * @param key the full key, such as {@code receive.otlp-grpc-port}
 * @param expected what a value looks like, such as {@code a port from 0 to 65535}
 * @param defaultText the default as it would be written in the file; empty where there is none
 * @param valueText the value that is used; {@code ***} for a secret that is set
 * @param source where the value came from
 */
public record Setting(
    String key, String expected, String defaultText, String valueText, SettingSource source) {
  /**
   * The environment variable of this setting, such as {@code KRYSTALINE_RECEIVE_OTLP_GRPC_PORT}.
   */
  public String environmentVariable() {
    return environmentVariable(key);
  }

  /** The system property of this setting, such as {@code krystaline.receive.otlp-grpc-port}. */
  public String systemProperty() {
    return ConfigSources.PROPERTY_PREFIX + key;
  }

  static String environmentVariable(String key) {
    return ConfigSources.ENVIRONMENT_PREFIX
        + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
