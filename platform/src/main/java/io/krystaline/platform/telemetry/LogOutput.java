package io.krystaline.platform.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Writes the logs of the process to the standard error, so that the standard output stays for what
 * a command prints. Until it is told how, the defaults apply. Thread-safe.
 */
public final class LogOutput {
  private static final String OWN = "io.krystaline";
  private static final String LAUNCHER_TERMINAL = "krystaline.launcher.terminal";
  private static final String PATTERN =
      "%d{HH:mm:ss.SSS} %-5level %logger{0}: %replace(%msg){'[\\r\\n]+', ' | '}%n%ex{20}";

  private LogOutput() {}

  /** Applies settings to the whole process; a later call replaces an earlier one. */
  public static void configure(LogSettings settings) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context) {
      configure(context, settings);
    } else {
      throw new IllegalStateException("logs go to " + factory.getClass() + ", not to Logback");
    }
  }

  static void configure(LoggerContext context, LogSettings settings) {
    Level own = Level.toLevel(settings.level().name());
    Encoder<ILoggingEvent> encoder = isText(settings.format()) ? text(context) : json(context);
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();

    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(appender);
    root.setLevel(own.isGreaterOrEqual(Level.WARN) ? own : Level.WARN);
    context.getLogger(OWN).setLevel(own);
  }

  private static boolean isText(LogSettings.Format format) {
    return switch (format) {
      case TEXT -> true;
      case JSON -> false;
      // Java knows whether there is a console, but not whether the standard error is one.
      case AUTO -> Boolean.getBoolean(LAUNCHER_TERMINAL);
    };
  }

  private static Encoder<ILoggingEvent> text(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> json(LoggerContext context) {
    JsonLogEncoder encoder = new JsonLogEncoder();
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }
}
