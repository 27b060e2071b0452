package io.krystaline.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private ChildProcess shell(String script) {
    return ChildProcess.start(
        "child", folder, Map.of("WORD", "hello"), List.of("sh", "-c", script));
  }

  private static Optional<String> says(ChildProcess child, String text) {
    return Optional.of(child.output()).filter(output -> output.contains(text));
  }

  @Test
  void await_whatItPrints_isFound() {
    try (ChildProcess child = shell("echo $WORD; exec sleep 100")) {
      assertThat(child.await("word", LIMIT, () -> says(child, "hello"))).startsWith("hello");
      assertThat(ProcessTimes.residentBytes(child.pid())).isPositive();
      // Attaching to what is no JVM would end it.
      assertThat(JvmProbe.attach(child.pid())).isEmpty();
      assertThat(ProcessHandle.of(child.pid()).orElseThrow().isAlive()).isTrue();
    }
  }

  @Test
  void await_aProgramThatEnds_failsWithWhatItSaid() {
    try (ChildProcess child = shell("echo no such option; exit 3")) {
      assertThatThrownBy(() -> child.await("port", LIMIT, () -> says(child, "port")))
          .hasMessageContaining("ended with 3")
          .hasMessageContaining("no such option");
    }
  }

  @Test
  void await_tooLong_fails() {
    try (ChildProcess child = shell("exec sleep 100")) {
      assertThatThrownBy(() -> child.await("port", Duration.ofMillis(50), Optional::empty))
          .hasMessageContaining("no port in 0 s");
    }
  }

  @Test
  void start_noSuchProgram_fails() {
    assertThatThrownBy(
            () -> ChildProcess.start("none", folder, Map.of(), List.of("/no/such/program")))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void cpuSeconds_aBusyProcess_grows() {
    try (ChildProcess child = shell("while :; do :; done")) {
      assertThat(
              child.await(
                  "time",
                  LIMIT,
                  () ->
                      Optional.of(ProcessTimes.cpuSeconds(child.pid()))
                          .filter(seconds -> seconds > 0.05)))
          .isPositive();
    }
  }

  @Test
  void treeCpuSeconds_childrenThatRunOrHaveEnded_areCounted() {
    String burn = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
    try (ChildProcess child =
        shell("sh -c '" + burn + "'; echo done; sh -c 'while :; do :; done'; echo")) {
      child.await("end of the first", LIMIT, () -> says(child, "done"));
      double first = ProcessTimes.treeCpuSeconds(child.pid());

      assertThat(first).isPositive();
      assertThat(
              child.await(
                  "time of the second",
                  LIMIT,
                  () ->
                      Optional.of(ProcessTimes.treeCpuSeconds(child.pid()))
                          .filter(seconds -> seconds > first + 0.05)))
          .isGreaterThan(ProcessTimes.cpuSeconds(child.pid()));
      ProcessHandle.of(child.pid()).orElseThrow().descendants().forEach(ProcessHandle::destroy);
    }
  }

  @Test
  void threadCpuSeconds_numberedThreads_standTogether() throws Exception {
    long self = ProcessHandle.current().pid();
    AtomicBoolean done = new AtomicBoolean();
    List<Thread> busy =
        IntStream.range(0, 2)
            .mapToObj(
                number -> Thread.ofPlatform().name("busy bee-" + number).start(() -> spin(done)))
            .toList();
    long end = System.nanoTime() + LIMIT.toNanos();
    double seconds = 0;
    while (seconds < 0.1 && System.nanoTime() - end < 0) {
      seconds = ProcessTimes.threadCpuSeconds(self).getOrDefault("busy bee", 0.0);
    }
    done.set(true);
    for (Thread thread : busy) {
      thread.join();
    }

    assertThat(seconds).isGreaterThanOrEqualTo(0.1);
    assertThat(seconds).isLessThanOrEqualTo(ProcessTimes.cpuSeconds(self));
    assertThatThrownBy(() -> ProcessTimes.threadCpuSeconds(Integer.MAX_VALUE))
        .isInstanceOf(UncheckedIOException.class);
  }

  private static void spin(AtomicBoolean done) {
    while (!done.get()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void cpuSeconds_noSuchProcess_fails() {
    assertThatThrownBy(() -> ProcessTimes.cpuSeconds(Integer.MAX_VALUE))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void scratchFolder_closed_isGone() throws Exception {
    Path path;
    try (ScratchFolder scratch = ScratchFolder.make()) {
      path = scratch.path();
      Files.writeString(Files.createDirectories(path.resolve("a/b")).resolve("c"), "x");
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void commandLine_withoutALauncher_isThisJavaAndClassPath() {
    List<String> command = SinkCommandLine.ofThisJvm().with(List.of("--api-port=0"));

    assertThat(command.getFirst()).endsWith("java");
    assertThat(command).contains("io.krystaline.sink.Main", "sink").endsWith("--api-port=0");
  }
}
