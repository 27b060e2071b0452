package io.krystaline.bench.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How the sink is run: by the launcher, or straight from a class path. Immutable.
 *
 * @param prefix what comes before the options of the sink
 */
public record SinkCommandLine(List<String> prefix) {
  private static final String LAUNCHER = "krystaline.launcher.script";
  private static final String MAIN = "io.krystaline.sink.Main";

  public SinkCommandLine {
    prefix = List.copyOf(prefix);
  }

  /** By the launcher that has started this JVM, else from this JVM's own class path. */
  public static SinkCommandLine ofThisJvm() {
    String script = System.getProperty(LAUNCHER, "");
    if (!script.isEmpty()) {
      return new SinkCommandLine(List.of(script, "sink"));
    }
    return new SinkCommandLine(
        List.of(
            javaCommand(),
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            MAIN,
            "sink"));
  }

  /** The java of this JVM. */
  public static String javaCommand() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The whole command. */
  public List<String> with(List<String> options) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(options);
    return command;
  }
}
