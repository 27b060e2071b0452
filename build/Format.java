import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks or applies google-java-format to every Java file below a folder.
 *
 * <p>Run by the build as a source-file program on the toolchain's JDK, because the formatter needs a newer Java than
 * the one that Maven itself may run on. Usage: {@code Format.java check|apply FOLDER}.
 */
final class Format {
  public static void main(String[] args) throws Exception {
    boolean apply = args[0].equals("apply");
    Path root = Path.of(args[1]);
    if (!Files.isDirectory(root)) {
      return;
    }
    List<Path> wrong = new ArrayList<>();
    Formatter formatter = new Formatter();
    try (var files = Files.walk(root)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        String formatted = formatter.formatSourceAndFixImports(source);
        if (!formatted.equals(source)) {
          wrong.add(file);
          if (apply) {
            Files.writeString(file, formatted);
          }
        }
      }
    }
    if (!apply && !wrong.isEmpty()) {
      wrong.forEach(file -> System.err.println("not formatted: " + file));
      System.err.println("run: mvn compile -Dformat.mode=apply");
      System.exit(1);
    }
  }
}
