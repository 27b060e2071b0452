package io.krystaline.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A temporary folder that is deleted with all that is in it, also where this JVM is told to end:
 * then after the programs that it has started have ended. Used by one thread.
 */
public final class ScratchFolder implements AutoCloseable {
  private static final Duration CHILDREN_LIMIT = Duration.ofSeconds(70);

  private final Path path;
  private final Thread deleteAtExit;

  private ScratchFolder(Path path) {
    this.path = path;
    this.deleteAtExit = new Thread(this::deleteAfterChildren, "delete-scratch");
    Runtime.getRuntime().addShutdownHook(deleteAtExit);
  }

  /** Makes one where the system keeps temporary files. */
  public static ScratchFolder make() {
    try {
      return new ScratchFolder(Files.createTempDirectory("krystaline-bench-"));
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder", e);
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(deleteAtExit);
    } catch (IllegalStateException e) {
      return; // this JVM ends, and the hook does it
    }
    delete();
  }

  private void deleteAfterChildren() {
    CompletableFuture<?>[] ends =
        ProcessHandle.current()
            .children()
            .map(ProcessHandle::onExit)
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(ends)
        .completeOnTimeout(null, CHILDREN_LIMIT.toSeconds(), TimeUnit.SECONDS)
        .join();
    delete();
  }

  private void delete() {
    try (Stream<Path> found = Files.walk(path)) {
      List<Path> paths = found.sorted(Comparator.reverseOrder()).toList();
      for (Path each : paths) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + " could not be deleted", e);
    }
  }
}
