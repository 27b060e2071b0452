package io.krystaline.platform.config;

/**
 * The configuration cannot be used: a bad value, an unknown key or an unreadable file. The message
 * is complete in itself and meant for the person who starts the program.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates a refusal with a message that names the key, its value and what is expected. */
  public ConfigException(String message) {
    super(message);
  }

  /** Creates a refusal that keeps its cause. */
  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
