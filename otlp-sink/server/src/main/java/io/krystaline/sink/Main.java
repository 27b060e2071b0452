package io.krystaline.sink;

import picocli.CommandLine;

/** The sink's entry point. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its code: 0 done, 1 failed, 2 wrong usage. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new KrystalineCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(new FailureReport())
            .execute(arguments));
  }
}
