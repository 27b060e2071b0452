package io.krystaline.platform.telemetry;

import io.krystaline.platform.config.ConfigSection;

/**
 * How much is logged, and in which form.
 *
 * @param level of this product's own loggers; libraries are held at WARN unless it is more severe
 * @param format of a line
 */
public record LogSettings(Level level, Format format) {
  /** What a service logs unless told otherwise. */
  public static final LogSettings DEFAULT = new LogSettings(Level.INFO, Format.AUTO);

  /** The least severe level that is written. */
  public enum Level {
    /** Nothing. */
    OFF,
    /** Somebody must act. */
    ERROR,
    /** Somebody should know. */
    WARN,
    /** What the service does. */
    INFO,
    /** How it does it. */
    DEBUG,
    /** Everything. */
    TRACE
  }

  /** The form of a line. */
  public enum Format {
    /** Text on a terminal, JSON otherwise. */
    AUTO,
    /** One JSON object a line. */
    JSON,
    /** Text for people. */
    TEXT
  }

  /** Reads {@code log.level} and {@code log.format}. */
  public static LogSettings from(ConfigSection section) {
    return new LogSettings(
        section.choice("level", DEFAULT.level()), section.choice("format", DEFAULT.format()));
  }
}
