package io.krystaline.platform.telemetry;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * What Logback finds when the first logger is asked for: the defaults, on the standard error, until
 * the configuration has been read. Public because Logback makes it; nothing else should.
 */
public final class StartupLogging extends ContextAwareBase implements Configurator {
  /** Called by Logback. */
  public StartupLogging() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    LogOutput.configure(context, LogSettings.DEFAULT);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
