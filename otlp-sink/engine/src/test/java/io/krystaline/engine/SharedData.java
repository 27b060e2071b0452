package io.krystaline.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds recordings that lie beside the repository, in {@code ../shared/data}. A test that needs one
 * and finds none says so in one line and stops.
 */
public final class SharedData {
  private SharedData() {}

  /** The file or folder of this name below {@code shared/data}, or empty after a visible line. */
  public static Optional<Path> find(String name) {
    Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    while (folder != null) {
      Path found = folder.resolve("shared").resolve("data").resolve(name);
      if (Files.exists(found)) {
        return Optional.of(found);
      }
      folder = folder.getParent();
    }
    System.out.println("SKIPPED: shared/data/" + name + " not found beside the repository");
    return Optional.empty();
  }
}
