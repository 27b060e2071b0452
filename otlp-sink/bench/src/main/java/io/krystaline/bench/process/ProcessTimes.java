package io.krystaline.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads what Linux counts of a process, from {@code /proc}. */
public final class ProcessTimes {
  /** The unit of processor times in {@code /proc}, the same on all Linux systems of today. */
  private static final double TICKS_PER_SECOND = 100;

  // Positions after the name, which may hold blanks and ends with the last parenthesis.
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;
  private static final int CHILDREN_USER_TICKS = 13;
  private static final int CHILDREN_SYSTEM_TICKS = 14;

  private static final Pattern NUMBERS = Pattern.compile("[-#0-9]+$");

  private ProcessTimes() {}

  /**
   * Processor time that a process has used, without its children, in seconds; 10 ms exact.
   *
   * @throws UncheckedIOException if there is no such process
   */
  public static double cpuSeconds(long pid) {
    return ticks(stat(pid), USER_TICKS, SYSTEM_TICKS) / TICKS_PER_SECOND;
  }

  /**
   * Processor time of a process and all that it has started, in seconds; of those that have ended
   * too. Of one that ends while this reads, nothing may be seen.
   */
  public static double treeCpuSeconds(long pid) {
    double ticks = ofTree(stat(pid));
    if (ProcessHandle.of(pid).isPresent()) {
      ticks += ProcessHandle.of(pid).get().descendants().mapToDouble(ProcessTimes::ofChild).sum();
    }
    return ticks / TICKS_PER_SECOND;
  }

  private static double ofChild(ProcessHandle child) {
    try {
      return ofTree(stat(child.pid()));
    } catch (UncheckedIOException e) {
      return 0; // it has ended, and its parent counts it from then on
    }
  }

  private static double ofTree(String stat) {
    return ticks(stat, USER_TICKS, SYSTEM_TICKS, CHILDREN_USER_TICKS, CHILDREN_SYSTEM_TICKS);
  }

  /**
   * Processor time by threads, in seconds; 10 ms exact each. Threads whose names differ in their
   * numbers only stand together: {@code otlp-1-2} and {@code otlp-1-3} are {@code otlp}. Linux
   * knows the first 15 characters of a name. What threads that have ended used is not in it.
   *
   * @throws UncheckedIOException if there is no such process
   */
  public static Map<String, Double> threadCpuSeconds(long pid) {
    Map<String, Double> seconds = new TreeMap<>();
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path thread : threads) {
        addThread(seconds, thread.resolve("stat"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " can't be read", e);
    }
    return seconds;
  }

  private static void addThread(Map<String, Double> seconds, Path file) {
    String stat;
    try {
      stat = text(file);
    } catch (IOException e) {
      return; // it has ended
    }
    String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    seconds.merge(
        NUMBERS.matcher(name).replaceAll("").strip(),
        ticks(stat, USER_TICKS, SYSTEM_TICKS) / TICKS_PER_SECOND,
        Double::sum);
  }

  /** Memory that a process has in RAM, bytes. */
  public static long residentBytes(long pid) {
    return read(pid, "status")
            .lines()
            .filter(line -> line.startsWith("VmRSS:"))
            .map(line -> line.replaceAll("[^0-9]", ""))
            .mapToLong(Long::parseLong)
            .sum()
        * 1024;
  }

  private static double ticks(String stat, int... fields) {
    String[] values = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    double ticks = 0;
    for (int field : fields) {
      ticks += Long.parseLong(values[field]);
    }
    return ticks;
  }

  private static String stat(long pid) {
    return read(pid, "stat");
  }

  private static String read(long pid, String file) {
    Path path = Path.of("/proc", Long.toString(pid), file);
    try {
      return text(path);
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " can't be read", e);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
