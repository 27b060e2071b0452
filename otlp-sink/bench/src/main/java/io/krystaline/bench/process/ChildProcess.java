package io.krystaline.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A program that was started here, with what it prints in a file. Closing it, or the end of this
 * JVM, stops exactly this process, by its handle. Used by one thread.
 */
public final class ChildProcess implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int OUTPUT_TAIL_CHARS = 4_000;

  private final String name;
  private final Process process;
  private final Path log;
  private final Thread stopAtExit;

  private ChildProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.stopAtExit = new Thread(this::stop, "stop-" + name);
    Runtime.getRuntime().addShutdownHook(stopAtExit);
  }

  /**
   * Starts a program.
   *
   * @param name a word that names it and its log
   * @param folder an existing folder for its log
   * @param environment what is added to the environment of this process
   * @throws UncheckedIOException if it can't be started
   */
  public static ChildProcess start(
      String name, Path folder, Map<String, String> environment, List<String> command) {
    Path log = folder.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
    builder.environment().putAll(environment);
    try {
      return new ChildProcess(name, builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not start: " + command, e);
    }
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /**
   * Waits until something can be told, for example a line that the program prints.
   *
   * @param what names it, for the message of the failure
   * @throws IllegalStateException if the program ends, or the time runs out
   */
  public <T> T await(String what, Duration limit, Supplier<Optional<T>> question) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> answer = question.get();
      if (answer.isPresent()) {
        return answer.get();
      }
      if (!process.isAlive()) {
        throw new IllegalStateException(
            name + " ended with " + process.exitValue() + ":\n" + outputTail());
      }
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(
            name + ": no " + what + " in " + limit.toSeconds() + " s:\n" + outputTail());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** Everything that it has printed. */
  public String output() {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("no output of " + name, e);
    }
  }

  /** The end of what it has printed. */
  public String outputTail() {
    String output = output();
    return output.substring(Math.max(0, output.length() - OUTPUT_TAIL_CHARS));
  }

  /** Asks the program to stop; one that does not within a minute is ended. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(stopAtExit);
    } catch (IllegalStateException e) {
      return; // this JVM ends, and the hook does it
    }
    stop();
  }

  private void stop() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
