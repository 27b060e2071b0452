package io.krystaline.sink.peers;

import static org.assertj.core.api.Assertions.fail;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A program that tests need and that is not part of the build. A test asks for it by {@link
 * #require}: where it is missing, the test fails in CI and is skipped with a visible line
 * elsewhere.
 */
enum Peer {
  COLLECTOR("otelcol-krystaline", "build it with collector-config/build-peers collector"),
  TELEMETRYGEN("telemetrygen", "build it with collector-config/build-peers telemetrygen"),
  JAEGER("jaeger-all-in-one", "build it with collector-config/build-peers jaeger"),
  ALERTMANAGER("prometheus-alertmanager", "install Debian's package prometheus-alertmanager"),
  NODE("node", "install Node.js 20 or later"),
  NPM("npm", "install npm");

  private final String binary;
  private final String remedy;

  Peer(String binary, String remedy) {
    this.binary = binary;
    this.remedy = remedy;
  }

  /** The program's path; ends the test where there is none. */
  Path require() {
    Path found =
        Stream.concat(Stream.of(cache()), searchPath())
            .map(folder -> folder.resolve(binary))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    if (found == null) {
      missing(binary + " is neither in " + cache() + " nor on the PATH; " + remedy);
    }
    return Objects.requireNonNull(found);
  }

  /**
   * Ends the test because something outside the repository is missing: a failure where {@code
   * CI=true}, else skipped with a line on the console.
   */
  private static void missing(String what) {
    if ("true".equals(System.getenv("CI"))) {
      fail("needed in CI: " + what);
    }
    skip(what);
  }

  /** Skips the test with a line on the console, also in CI. */
  static void skip(String why) {
    System.out.println("SKIPPED: " + why);
    Assumptions.abort(why);
  }

  private static Path cache() {
    String configured = System.getenv("KRYSTALINE_PEERS");
    return configured != null
        ? Path.of(configured)
        : Path.of(System.getProperty("user.home"), ".cache", "krystaline", "peers");
  }

  private static Stream<Path> searchPath() {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    return Stream.of(path.split(File.pathSeparator))
        .filter(folder -> !folder.isBlank())
        .map(Path::of);
  }
}
