package io.krystaline.sink.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One running program with its own folder; what it prints goes to a file there. Closing it stops
 * exactly this process, by its handle. Used by one test thread.
 */
final class PeerProcess implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final int OUTPUT_TAIL_CHARS = 6_000;

  private final String name;
  private final Process process;
  private final Path log;

  private PeerProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a program in a folder that exists.
   *
   * @param environment what is added to the environment of this process
   */
  static PeerProcess start(
      String name, Path folder, Map<String, String> environment, List<String> command) {
    Path log = folder.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    try {
      return new PeerProcess(name, builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not start: " + command, e);
    }
  }

  /** Runs a program to its end and returns what it printed. */
  static String run(
      String name,
      Path folder,
      Map<String, String> environment,
      Duration limit,
      List<String> command) {
    try (PeerProcess peer = start(name, folder, environment, command)) {
      int exitCode = peer.awaitExit(limit);
      if (exitCode != 0) {
        throw new AssertionError(name + " ended with " + exitCode + ":\n" + peer.output());
      }
      return peer.output();
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits for the program's own end.
   *
   * @return its exit code
   */
  int awaitExit(Duration limit) {
    if (!exits(limit)) {
      throw new AssertionError(
          name + " still runs after " + limit.toSeconds() + " s:\n" + outputTail());
    }
    return process.exitValue();
  }

  /** Everything that the program has printed. */
  String output() {
    try {
      return Files.readString(log, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("no output of " + name, e);
    }
  }

  /** The end of the output, for a failure's message. */
  String outputTail() {
    String output = output();
    return output.substring(Math.max(0, output.length() - OUTPUT_TAIL_CHARS));
  }

  /** Ends the program as {@code kill -9} does and returns when it is gone. */
  void kill() {
    process.destroyForcibly();
    awaitExit(STOP_LIMIT);
  }

  /** Asks the program to stop (SIGTERM); one that does not within the limit is killed. */
  @Override
  public void close() {
    process.destroy();
    if (!exits(STOP_LIMIT)) {
      kill();
    }
  }

  private boolean exits(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + name, e);
    }
  }
}
