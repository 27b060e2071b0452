package io.krystaline.platform.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.jar.JarEntry;

/**
 * Serves the files of a folder or of the class path, with entity tags. A route's rest parameter
 * named {@code path} says which: {@code router.get("/{path...}", files.handler())}.
 *
 * <p>Nothing outside the folder is served, whatever the path or a symbolic link says, and no name
 * that begins with a dot. A page of the application that is no file gets {@code index.html}, so
 * that links into a single-page application work. Files under {@code assets/} are taken as named by
 * their content and cached for ever, all others are revalidated. Immutable; safe on every thread.
 */
public final class StaticFiles {
  /** A longer file is not served. */
  public static final int FILE_BYTES_MAX = 32 << 20;

  private static final String INDEX = "index.html";

  /** Reads a file by its checked relative name. */
  @FunctionalInterface
  private interface Source {
    Optional<byte[]> read(String name) throws IOException;
  }

  private final Source source;

  private StaticFiles(Source source) {
    this.source = source;
  }

  /**
   * The files of a folder.
   *
   * @throws UncheckedIOException if it is not there
   */
  public static StaticFiles ofFolder(Path folder) {
    Path root;
    try {
      root = folder.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("there is no folder " + folder, e);
    }
    return new StaticFiles(name -> readFile(root, name));
  }

  /**
   * The resources under a prefix of the class path.
   *
   * @param prefix for example {@code ui/}, with its slash at the end
   */
  public static StaticFiles ofClassPath(ClassLoader loader, String prefix) {
    if (!prefix.endsWith("/") || prefix.startsWith("/")) {
      throw new IllegalArgumentException("a prefix ends with a slash and begins with none");
    }
    return new StaticFiles(
        name -> {
          URL url = loader.getResource(prefix + name);
          if (url == null || isFolder(url)) {
            return Optional.empty();
          }
          try (InputStream input = url.openStream()) {
            byte[] bytes = input.readNBytes(FILE_BYTES_MAX + 1);
            return bytes.length > FILE_BYTES_MAX ? Optional.empty() : Optional.of(bytes);
          }
        });
  }

  /** A folder of the class path can be opened like a file, and would list its names. */
  private static boolean isFolder(URL url) throws IOException {
    if (url.openConnection() instanceof JarURLConnection jar) {
      JarEntry entry = jar.getJarEntry();
      return entry == null || entry.isDirectory();
    }
    try {
      return url.getProtocol().equals("file") && !Files.isRegularFile(Path.of(url.toURI()));
    } catch (URISyntaxException e) {
      throw new IOException("the class path holds a name that is no URI", e);
    }
  }

  private static Optional<byte[]> readFile(Path root, String name) throws IOException {
    Path file = root.resolve(name);
    if (!Files.isRegularFile(file)
        || !file.toRealPath().startsWith(root)
        || Files.size(file) > FILE_BYTES_MAX) {
      return Optional.empty();
    }
    return Optional.of(Files.readAllBytes(file));
  }

  /** Serves the file that the route's parameter {@code path} names. */
  public HttpHandler handler() {
    return HttpHandler.blocking(request -> serve(request, request.pathParameter("path")));
  }

  private HttpResponse serve(HttpRequest request, String path) throws IOException {
    String name = path.isEmpty() || path.endsWith("/") ? path + INDEX : path;
    if (!isSafe(name)) {
      throw new HttpException(404, "there is no such file");
    }
    Optional<byte[]> bytes = source.read(name);
    if (bytes.isEmpty() && isPage(request, name)) {
      name = INDEX;
      bytes = source.read(INDEX);
    }
    byte[] body = bytes.orElseThrow(() -> new HttpException(404, "there is no such file"));
    String tag = "W/\"" + hash(body) + "\"";
    HttpResponse response =
        request.headers().containsToken("if-none-match", tag)
            ? HttpResponse.of(304)
            : HttpResponse.of(200, MediaTypes.ofFile(name), body);
    return response
        .withHeader("etag", tag)
        .withHeader("x-content-type-options", "nosniff")
        .withHeader(
            "cache-control",
            name.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
  }

  private static boolean isPage(HttpRequest request, String name) {
    String last = name.substring(name.lastIndexOf('/') + 1);
    return last.indexOf('.') < 0
        && request.header("accept").orElse("").toLowerCase(Locale.ROOT).contains("text/html");
  }

  /** No way out of the folder: no empty, hidden or parent segment, no other separator. */
  static boolean isSafe(String name) {
    for (int index = 0; index < name.length(); index++) {
      char character = name.charAt(index);
      if (character < ' ' || character == '\\' || character == ':' || character == 127) {
        return false;
      }
    }
    for (String segment : name.split("/", -1)) {
      if (segment.isEmpty() || segment.startsWith(".")) {
        return false;
      }
    }
    return true;
  }

  private static String hash(byte[] body) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
