package io.krystaline.platform.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ends real processes with a real SIGTERM. */
@Timeout(60)
final class ShutdownSignalTest {
  /** The process under test: closes well, or hangs while it closes. */
  static final class Program {
    private Program() {}

    @SuppressWarnings("SystemOut") // Its output is what the test reads.
    public static void main(String[] args) throws InterruptedException {
      Duration limit = Duration.ofMillis(Long.parseLong(args[1]));
      try (ShutdownSignal signal = ShutdownSignal.install(limit);
          Resources resources = new Resources(Duration.ofSeconds(30))) {
        resources.add(
            "app",
            () -> {
              if (args[0].equals("hang")) {
                Thread.currentThread().join();
              }
              System.out.println("closed");
            });
        System.out.println("ready");
        signal.await();
        System.out.println("signalled");
      }
    }
  }

  @Test
  void await_sigterm_closesBeforeTheProcessEnds() throws Exception {
    Process process = start("close", 30_000);
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("ready");
      // Process.destroy would also close the stream that is read here.
      process.toHandle().destroy();
      assertThat(out.readLine()).isEqualTo("signalled");
      assertThat(out.readLine()).isEqualTo("closed");
      assertThat(out.readLine()).isNull();
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
  }

  @Test
  void await_closeThatHangs_endsAfterTheLimit() throws Exception {
    Process process = start("hang", 200);
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("ready");
      // Process.destroy would also close the stream that is read here.
      process.toHandle().destroy();
      assertThat(out.readLine()).isEqualTo("signalled");
      assertThat(out.readLine()).isNull();
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void request_releasesAwait_andCloseRemovesTheHook() throws Exception {
    ShutdownSignal signal = ShutdownSignal.install(Duration.ofSeconds(1));
    assertThat(signal.isRequested()).isFalse();
    signal.request();
    signal.await();
    assertThat(signal.isRequested()).isTrue();
    signal.close();
    signal.close();
  }

  private static Process start(String how, long limitMillis) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Program.class.getName(),
            how,
            Long.toString(limitMillis))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
