package io.krystaline.platform.db;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of PostgreSQL, unpacked once from their archive on the class path into a directory
 * that is named after the archive's content, so that another version goes elsewhere.
 */
final class PostgresBinaries {
  private static final Logger logger = LoggerFactory.getLogger(PostgresBinaries.class);

  private PostgresBinaries() {}

  /**
   * Returns the directory that holds {@code bin/postgres}; unpacks it where it is missing.
   *
   * @throws DatabaseException if there are no programs for this system, or they cannot be written
   */
  static Path unpack(Path cache) {
    String name = "postgres-" + system() + "-" + architecture() + ".txz";
    URL archive = PostgresBinaries.class.getResource("/" + name);
    if (archive == null) {
      throw new DatabaseException(
          "no embedded PostgreSQL for this system ("
              + name
              + " is not on the class path); use an external one by its URL");
    }
    try {
      Path target = cache.resolve("postgres-" + fingerprint(archive));
      if (!Files.isExecutable(target.resolve("bin/postgres"))) {
        unpackLocked(archive, cache, target);
      }
      return target;
    } catch (IOException e) {
      throw new DatabaseException("cannot unpack PostgreSQL into " + cache + ": " + e, e);
    }
  }

  /** The archive's length and checksum as its jar states them: no byte of it has to be read. */
  private static String fingerprint(URL archive) throws IOException {
    if (archive.openConnection() instanceof JarURLConnection connection) {
      var entry = connection.getJarEntry();
      return Long.toHexString(entry.getSize()) + "-" + Long.toHexString(entry.getCrc());
    }
    return Long.toHexString(archive.openConnection().getContentLengthLong());
  }

  private static void unpackLocked(URL archive, Path cache, Path target) throws IOException {
    Files.createDirectories(cache);
    try (FileChannel channel =
        FileChannel.open(
            cache.resolve("postgres.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock(); // until the channel is closed
      if (Files.isExecutable(target.resolve("bin/postgres"))) {
        return;
      }
      logger.info("unpacking PostgreSQL into {}", target);
      Path unfinished = Files.createTempDirectory(cache, "unpacking-");
      Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
      unpackArchive(archive, unfinished);
      deleteTree(target);
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void unpackArchive(URL archive, Path target) throws IOException {
    try (InputStream raw = archive.openStream();
        TarArchiveInputStream tar =
            new TarArchiveInputStream(
                new BufferedInputStream(
                    new XZInputStream(new BufferedInputStream(raw, 1 << 16)), 1 << 16))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpackEntry(tar, entry, target);
      }
    }
  }

  private static void unpackEntry(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    Path path = target.resolve(entry.getName()).normalize();
    if (!path.startsWith(target)) {
      throw new IOException("the archive's entry " + entry.getName() + " leads out of it");
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Path parent = path.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (entry.isSymbolicLink()) {
      try {
        Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      } catch (FileAlreadyExistsException e) {
        throw new IOException("the archive holds " + entry.getName() + " twice", e);
      }
    } else {
      Files.copy(tar, path);
      boolean executable = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }

  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      paths
          .sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (UncheckedIOException e) {
      throw new IOException("cannot delete " + root, e.getCause());
    }
  }

  private static String system() {
    String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return name.startsWith("mac") ? "darwin" : name.startsWith("linux") ? "linux" : name;
  }

  private static String architecture() {
    String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return name.equals("amd64") || name.equals("x86_64")
        ? "x86_64"
        : name.equals("aarch64") ? "arm_64" : name;
  }
}
