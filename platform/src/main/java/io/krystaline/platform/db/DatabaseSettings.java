package io.krystaline.platform.db;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is, and the limits of its use.
 *
 * @param url an external PostgreSQL, as {@code postgresql://user:password@host:5432/name} or a
 *     {@code jdbc:postgresql:} URL; null for the embedded one
 * @param user the user of the external one, where the URL names none
 * @param password its password, where the URL has none
 * @param dataDirectory where the embedded one keeps its data; not used with a URL
 * @param binariesDirectory where the embedded one's programs are unpacked; may be shared by many
 *     data directories
 * @param connectionsMax the most connections at a time, 2 or more
 * @param connectTimeout the longest wait for a connection
 * @param statementTimeout the longest that one statement may run. A server that does not answer at
 *     all is given up two seconds later.
 * @param startTimeout the longest that the embedded server may take to start, with the recovery
 *     after a crash
 */
public record DatabaseSettings(
    @Nullable String url,
    @Nullable String user,
    @Nullable String password,
    Path dataDirectory,
    Path binariesDirectory,
    int connectionsMax,
    Duration connectTimeout,
    Duration statementTimeout,
    Duration startTimeout) {
  public DatabaseSettings {
    Objects.requireNonNull(dataDirectory, "dataDirectory");
    Objects.requireNonNull(binariesDirectory, "binariesDirectory");
    if (connectionsMax < 2 || connectionsMax > EmbeddedPostgres.CONNECTIONS_MAX) {
      throw new IllegalArgumentException(
          "the database's connections are 2 to "
              + EmbeddedPostgres.CONNECTIONS_MAX
              + ", not "
              + connectionsMax);
    }
    requireSecond(connectTimeout, "connect timeout");
    requireSecond(statementTimeout, "statement timeout");
    requireSecond(startTimeout, "start timeout");
  }

  /**
   * The embedded database in a data directory: 8 connections, 2 seconds to connect, 10 seconds for
   * a statement, 60 seconds to start; its programs in the user's cache.
   */
  public static DatabaseSettings embedded(Path dataDirectory) {
    return new DatabaseSettings(
        null,
        null,
        null,
        dataDirectory,
        userCache(),
        8,
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60));
  }

  /** These settings, with an external PostgreSQL instead of the embedded one. */
  public DatabaseSettings withUrl(String externalUrl) {
    return new DatabaseSettings(
        externalUrl,
        user,
        password,
        dataDirectory,
        binariesDirectory,
        connectionsMax,
        connectTimeout,
        statementTimeout,
        startTimeout);
  }

  /** These settings, with other limits of time. */
  public DatabaseSettings withTimeouts(Duration connect, Duration statement) {
    return new DatabaseSettings(
        url,
        user,
        password,
        dataDirectory,
        binariesDirectory,
        connectionsMax,
        connect,
        statement,
        startTimeout);
  }

  /** Without secrets. */
  @Override
  public String toString() {
    String place =
        url == null
            ? "embedded in " + dataDirectory
            : DatabaseUrl.parse(url, user, password).place();
    return "DatabaseSettings[" + place + ", connections " + connectionsMax + "]";
  }

  private static Path userCache() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache != null && !cache.isEmpty()
            ? Path.of(cache)
            : Path.of(System.getProperty("user.home", "."), ".cache");
    return base.resolve("krystaline");
  }

  private static void requireSecond(Duration value, String name) {
    if (value.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "the database's " + name + " is a second or more, not " + value);
    }
  }
}
