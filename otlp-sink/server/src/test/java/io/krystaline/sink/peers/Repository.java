package io.krystaline.sink.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where things lie in and beside the checkout that is being tested. */
final class Repository {
  private Repository() {}

  /** A file or folder of the repository; the path is relative to its root. */
  static Path resolve(String path) {
    return root().resolve(path);
  }

  /**
   * A file of the folder {@code shared} beside the checkout; skips the test where there is none.
   */
  static Path shared(String path) {
    Path file = root().resolveSibling("shared").resolve(path);
    if (!Files.isReadable(file)) {
      Peer.skip("the data ../shared/" + path + " is not beside the checkout");
    }
    return file;
  }

  private static Path root() {
    return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
        .takeWhile(folder -> folder != null)
        .filter(folder -> Files.isDirectory(folder.resolve("collector-config")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("not inside a checkout"));
  }
}
