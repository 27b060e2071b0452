package io.krystaline.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Stops a running PostgreSQL as an administrator would, and starts it again with the same command.
 * On Linux, whose {@code /proc} tells the command. Stateless.
 */
public final class DatabaseRestart {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

  private DatabaseRestart() {}

  /**
   * Restarts a server.
   *
   * @param pid its main process
   * @param away how long it stays away
   * @param folder gets what it prints
   * @return the new main process
   * @throws IllegalStateException if it does not stop
   */
  public static long restart(long pid, Duration away, Path folder) throws InterruptedException {
    try {
      List<String> command = commandOf(pid);
      ProcessHandle server =
          ProcessHandle.of(pid)
              .orElseThrow(() -> new IllegalStateException("no database with the pid " + pid));
      // Closes all connections and writes everything: PostgreSQL's fast shutdown.
      int signalled = new ProcessBuilder("kill", "-INT", Long.toString(pid)).start().waitFor();
      long end = System.nanoTime() + STOP_LIMIT.toNanos();
      while (server.isAlive() && System.nanoTime() - end < 0) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      if (signalled != 0 || server.isAlive()) {
        throw new IllegalStateException("the database, process " + pid + ", does not stop");
      }
      TimeUnit.MILLISECONDS.sleep(away.toMillis());
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve("database-restart.log").toFile())
          .start()
          .pid();
    } catch (IOException e) {
      throw new UncheckedIOException("the database can't be restarted", e);
    }
  }

  private static List<String> commandOf(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    String line = Files.readString(process.resolve("cmdline"), StandardCharsets.UTF_8);
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      // The sink starts it so too: PostgreSQL refuses to run as root.
      command.addAll(List.of("unshare", "--user"));
    }
    command.addAll(Arrays.asList(line.split("\0", 0)));
    return command;
  }
}
