package io.krystaline.sink.offline;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;

/**
 * Shows on a terminal how far a run has come, twice a second at the most; shows nothing elsewhere.
 */
public final class Progress {
  private static final long INTERVAL_NANOS = Duration.ofMillis(500).toNanos();
  private static final double NANOS_PER_SECOND = 1e9;

  private final PrintStream out;
  private final boolean terminal;
  private String step = "";
  private long fileBytes;
  private Optional<Recording> recording = Optional.empty();
  private long startedNanos;
  private long startedAt;
  private long shownNanos;

  /**
   * Shows progress.
   *
   * @param terminal whether a person watches {@code out}
   */
  public Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Progress on the standard error, if a person watches the console. */
  public static Progress onStandardError() {
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return new Progress(System.err, terminal);
  }

  void start(String name, Recording file) throws IOException {
    step = name;
    recording = Optional.of(file);
    fileBytes = Files.size(file.file());
    startedNanos = System.nanoTime();
    shownNanos = startedNanos;
    startedAt = -1;
  }

  void update(long spans) {
    if (startedAt < 0) {
      startedAt = spans;
    }
    long now = System.nanoTime();
    if (!terminal || now - shownNanos < INTERVAL_NANOS || recording.isEmpty()) {
      return;
    }
    shownNanos = now;
    Recording file = recording.get();
    double percent = fileBytes == 0 ? 100 : 100.0 * file.bytesRead() / fileBytes;
    double rate = (spans - startedAt) / ((now - startedNanos) / NANOS_PER_SECOND);
    out.printf(
        "\r%s %s: %3.0f %%, %,d spans, %,.0f spans/s\u001b[K",
        step, file.file().getFileName(), percent, spans, rate);
  }

  void done() {
    if (terminal) {
      out.print("\r\u001b[K");
    }
  }
}
