package io.krystaline.platform.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL database, embedded or external, with its pool of connections.
 *
 * <p>Every call ends within a bound: {@link DatabaseSettings#connectTimeout} for a connection, then
 * {@link DatabaseSettings#statementTimeout} for each statement. Calls block, and are not for event
 * loops. {@link #start} and {@link #close} are for one thread, everything else is for any number.
 */
public final class Database implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Database.class);
  private static final int CONFLICT_ATTEMPTS = 5;

  private final DatabaseSettings settings;
  private final String migrations;
  private @Nullable EmbeddedPostgres embedded;
  private @Nullable HikariDataSource pool;
  private @Nullable Jdbi jdbi;
  private String place = "not started";

  /**
   * A database that is not started yet.
   *
   * @param migrations where on the class path the Flyway migrations are, for example {@code
   *     "db/migration"}
   */
  public Database(DatabaseSettings settings, String migrations) {
    this.settings = settings;
    this.migrations = migrations;
  }

  /**
   * Starts the embedded server where there is no URL, brings the schema up to date, and fills the
   * pool.
   *
   * @throws DatabaseUnavailableException if it cannot be reached
   * @throws DatabaseException if the data directory is in use, the server does not start or would
   *     not keep what is committed, or a migration fails
   */
  public void start() {
    long begun = System.nanoTime();
    try {
      DatabaseUrl url = address();
      place = url.place();
      Properties patient = properties(url, settings.startTimeout());
      long reachable = System.nanoTime();
      if (settings.url() == null) {
        requireDurable(url, patient);
      }
      migrate(url, patient);
      long migrated = System.nanoTime();
      HikariDataSource opened = openPool(url);
      pool = opened;
      jdbi = Jdbi.create(opened);
      awaitAnswer();
      logger.info(
          "database ready at {}: server {} ms, schema {} ms, pool {} ms",
          place,
          millis(reachable - begun),
          millis(migrated - reachable),
          millis(System.nanoTime() - migrated));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Where the database is, for people and logs; without secrets. */
  public String place() {
    return place;
  }

  /** Whether the database is embedded, so that no other process uses it. */
  public boolean isEmbedded() {
    return settings.url() == null;
  }

  /** The process id of the embedded server, for tests that kill it; 0 where there is none. */
  long serverPid() {
    EmbeddedPostgres server = embedded;
    return server == null ? 0 : server.pid();
  }

  /**
   * Runs work in a transaction that is committed when this returns. Work that lost a conflict with
   * another transaction is repeated, so it has no effects but those on the database.
   *
   * @param what what is done, for the message of an error, for example {@code "save anomalies"}
   * @throws DatabaseUnavailableException if the database cannot do it now; whether it was committed
   *     is unknown
   * @throws DatabaseException if the database refuses it
   */
  public <T extends @Nullable Object> T inTransaction(String what, Function<Handle, T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return started(jdbi).inTransaction(work::apply);
      } catch (JdbiException e) {
        if (attempt == CONFLICT_ATTEMPTS || !DatabaseErrors.isConflict(e)) {
          throw DatabaseErrors.map(what, e);
        }
        logger.debug("{} lost a conflict, attempt {}", what, attempt, e);
        pause(attempt);
      }
    }
  }

  /**
   * Runs statements that each are a transaction of their own.
   *
   * @param what what is done, for the message of an error
   * @throws DatabaseUnavailableException if the database cannot do it now
   * @throws DatabaseException if the database refuses it
   */
  public <T extends @Nullable Object> T withHandle(String what, Function<Handle, T> work) {
    try {
      return started(jdbi).withHandle(work::apply);
    } catch (JdbiException e) {
      throw DatabaseErrors.map(what, e);
    }
  }

  /**
   * Runs statements of plain JDBC that each are a transaction of their own: for what runs so often
   * that Jdbi's work for each handle and statement, a third of all that a short one costs here,
   * counts.
   *
   * @param what what is done, for the message of an error
   * @throws DatabaseUnavailableException if the database cannot do it now
   * @throws DatabaseException if the database refuses it
   */
  public <T> T withConnection(String what, ConnectionWork<T> work) {
    try (Connection connection = started(pool).getConnection()) {
      return work.on(connection);
    } catch (SQLException e) {
      throw DatabaseErrors.map(what, e);
    }
  }

  /** Statements on a connection. */
  @FunctionalInterface
  public interface ConnectionWork<T> {
    T on(Connection connection) throws SQLException;
  }

  /**
   * Returns if the database answers.
   *
   * @throws DatabaseUnavailableException if it does not
   */
  public void probe() {
    withHandle("probe", handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one());
  }

  /** On a machine that is busy starting things the first connection may take long. */
  private void awaitAnswer() {
    long deadline = System.nanoTime() + settings.startTimeout().toNanos();
    while (true) {
      try {
        probe();
        return;
      } catch (DatabaseUnavailableException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        logger.info("waiting for the database to answer: {}", e.getMessage());
      }
    }
  }

  /** Closes the pool and stops the embedded server. What is called afterwards fails. */
  @Override
  public void close() {
    HikariDataSource opened = pool;
    if (opened != null) {
      opened.close();
    }
    EmbeddedPostgres server = embedded;
    if (server != null) {
      server.close();
      embedded = null;
    }
  }

  private DatabaseUrl address() {
    String external = settings.url();
    if (external != null) {
      return DatabaseUrl.parse(external, settings.user(), settings.password());
    }
    EmbeddedPostgres server =
        new EmbeddedPostgres(
            settings.dataDirectory(), settings.binariesDirectory(), settings.startTimeout());
    embedded = server;
    server.start();
    return new DatabaseUrl(
        server.jdbcUrl(),
        EmbeddedPostgres.USER,
        server.password(),
        "embedded PostgreSQL in " + settings.dataDirectory().toAbsolutePath().normalize());
  }

  /** The driver's properties, those of the URL going before. */
  private Properties properties(DatabaseUrl url, Duration login) {
    Properties properties = new Properties();
    if (url.user() != null) {
      properties.setProperty("user", url.user());
    }
    if (url.password() != null) {
      properties.setProperty("password", url.password());
    }
    properties.setProperty("connectTimeout", seconds(settings.connectTimeout()));
    properties.setProperty("loginTimeout", seconds(login));
    properties.setProperty("ApplicationName", "krystaline");
    properties.setProperty("tcpKeepAlive", "true");
    return properties;
  }

  private static void requireDurable(DatabaseUrl url, Properties properties) {
    try {
      Jdbi.create(url.jdbcUrl(), properties)
          .useHandle(
              handle -> {
                for (String name : EmbeddedPostgresConf.DURABLE) {
                  String value = handle.createQuery("SHOW " + name).mapTo(String.class).one();
                  if (!value.equals("on")) {
                    throw new DatabaseException(
                        "the embedded PostgreSQL has "
                            + name
                            + " = "
                            + value
                            + " and would lose committed data; remove it from its configuration");
                  }
                }
              });
    } catch (JdbiException e) {
      throw DatabaseErrors.map("check the database's settings", e);
    }
  }

  private void migrate(DatabaseUrl url, Properties properties) {
    Map<String, String> driver = new HashMap<>();
    properties.stringPropertyNames().forEach(n -> driver.put(n, properties.getProperty(n)));
    try {
      Flyway.configure(Database.class.getClassLoader())
          .dataSource(url.jdbcUrl(), url.user(), url.password())
          .jdbcProperties(driver)
          .locations("classpath:" + migrations)
          .validateMigrationNaming(true)
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw DatabaseErrors.map("bring the schema up to date", e);
    }
  }

  private HikariDataSource openPool(DatabaseUrl url) {
    long statement = settings.statementTimeout().toMillis();
    // The pool's callers wait for the connect timeout only; a connection that took longer to open,
    // on a busy machine, then serves the next of them.
    Properties properties = properties(url, settings.statementTimeout());
    HikariConfig config = new HikariConfig();
    config.setPoolName("database");
    config.setJdbcUrl(url.jdbcUrl());
    properties
        .stringPropertyNames()
        .forEach(name -> config.addDataSourceProperty(name, properties.getProperty(name)));
    config.addDataSourceProperty(
        "socketTimeout", seconds(settings.statementTimeout().plusSeconds(2)));
    config.setMaximumPoolSize(settings.connectionsMax());
    config.setMinimumIdle(Math.min(3, settings.connectionsMax()));
    config.setConnectionTimeout(settings.connectTimeout().toMillis());
    config.setValidationTimeout(Math.min(1_000, settings.connectTimeout().toMillis()));
    config.setInitializationFailTimeout(-1);
    config.setConnectionInitSql(
        ("SET statement_timeout = %d; SET lock_timeout = %d;"
                + " SET idle_in_transaction_session_timeout = %d")
            .formatted(statement, statement, statement + 2_000));
    return new HikariDataSource(config);
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the database is not started");
    }
    return part;
  }

  private static void pause(int attempt) {
    try {
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(1, 10L << attempt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.toSeconds()));
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
