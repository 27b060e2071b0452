package io.krystaline.sink;

import io.krystaline.platform.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Ends a failed command with one clear line; the stack trace goes to the debug log. */
final class FailureReport implements CommandLine.IExecutionExceptionHandler {
  private static final Logger logger = LoggerFactory.getLogger(FailureReport.class);

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    logger.debug("the command failed", failure);
    command.getErr().println(command.getCommandName() + ": " + reason(failure));
    command.getErr().flush();
    return failure instanceof ConfigException
        ? CommandLine.ExitCode.USAGE
        : CommandLine.ExitCode.SOFTWARE;
  }

  /** The messages of the failure and its causes, without those that repeat. */
  private static String reason(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message =
          cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      if (text.indexOf(message) < 0) {
        text.append(text.isEmpty() ? "" : ": ").append(message);
      }
    }
    return text.toString();
  }
}
