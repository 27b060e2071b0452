package io.krystaline.bench;

import picocli.CommandLine;

/** The entry point of the benchmark. */
public final class Main {
  private Main() {}

  /**
   * Runs the benchmark and exits with its code: 0 done and all counts added up, 1 failed or they
   * did not, 2 wrong usage.
   */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new BenchCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  command.getErr().println("bench: " + reason(failure));
                  return CommandLine.ExitCode.SOFTWARE;
                })
            .execute(arguments));
  }

  private static String reason(Throwable failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return failure.getCause() == null ? message : message + ": " + reason(failure.getCause());
  }
}
