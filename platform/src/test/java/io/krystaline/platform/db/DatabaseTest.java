package io.krystaline.platform.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DatabaseTest {
  private static final Duration BOUND = Duration.ofSeconds(10);

  @TempDir static Path directory;
  private static Database shared;

  static Database database(Path data) {
    return database(data, Duration.ofSeconds(2));
  }

  static Database database(Path data, Duration statement) {
    return new Database(
        DatabaseSettings.embedded(data).withTimeouts(Duration.ofSeconds(2), statement),
        "db/testmigration");
  }

  @BeforeAll
  static void startShared() {
    // The server looks for deadlocks after a second; a busy machine must find them in time.
    shared = database(directory.resolve("shared"), Duration.ofSeconds(6));
    shared.start();
  }

  @AfterAll
  static void stopShared() {
    shared.close();
  }

  @BeforeEach
  void emptyTable() {
    shared.inTransaction("clear", handle -> handle.execute("TRUNCATE note"));
  }

  @Test
  void start_newDirectory_isDurableAndOnLoopbackWithAPassword() throws IOException {
    for (String name : List.of("fsync", "synchronous_commit", "full_page_writes")) {
      assertThat(show(shared, name)).as(name).isEqualTo("on");
    }
    assertThat(show(shared, "listen_addresses")).isEqualTo("127.0.0.1");
    Path data = directory.resolve("shared");
    assertThat(Files.readString(data.resolve("postgres/pg_hba.conf")))
        .doesNotContain("trust")
        .contains("scram-sha-256");
    Path password = data.resolve("postgres.password");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
        .isEqualTo("rw-------");
    assertThat(shared.place()).doesNotContain(Files.readString(password).strip());
    assertThat(shared.isEmbedded()).isTrue();
  }

  @Test
  void start_wrongPassword_isRefusedByTheServer() {
    int port = Integer.parseInt(show(shared, "port"));
    Database stranger =
        new Database(
            DatabaseSettings.embedded(directory)
                .withUrl("postgresql://krystaline:wrong@127.0.0.1:" + port + "/postgres"),
            "db/testmigration");
    assertThatThrownBy(stranger::start)
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void start_externalUrl_sharesTheDatabase() throws IOException {
    String password = Files.readString(directory.resolve("shared/postgres.password")).strip();
    String url =
        "postgresql://krystaline:%s@127.0.0.1:%s/postgres"
            .formatted(password, show(shared, "port"));
    DatabaseSettings settings = DatabaseSettings.embedded(directory).withUrl(url);
    assertThat(settings.toString()).doesNotContain(password);
    try (Database external = new Database(settings, "db/testmigration")) {
      external.start();
      insert(external, 1);
      assertThat(external.isEmbedded()).isFalse();
      assertThat(external.place()).doesNotContain(password).contains("127.0.0.1");
    }
    assertThat(ids(shared)).containsExactly(1L);
  }

  @Test
  void start_unreachableUrl_isUnavailable() {
    Database nowhere =
        new Database(
            DatabaseSettings.embedded(directory).withUrl("postgresql://127.0.0.1:1/none"),
            "db/testmigration");
    assertThatThrownBy(nowhere::start).isInstanceOf(DatabaseUnavailableException.class);
    assertThatIllegalStateException().isThrownBy(nowhere::probe);
  }

  @Test
  void start_directoryInUse_saysByWhom() {
    Database second = database(directory.resolve("shared"));
    assertThatThrownBy(second::start)
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("in use")
        .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
    shared.probe();
  }

  @Test
  void start_settingsThatLoseData_refuses() throws IOException {
    Path data = directory.resolve("unsafe");
    try (Database database = database(data)) {
      database.start();
    }
    Files.writeString(data.resolve("postgres/postgresql.auto.conf"), "fsync = off\n");
    Database unsafe = database(data);
    assertThatThrownBy(unsafe::start)
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("fsync = off");
    assertThat(unsafe.serverPid()).isZero();
  }

  @Test
  void start_otherMajorVersion_refuses() throws IOException {
    Path data = directory.resolve("old");
    Files.createDirectories(data.resolve("postgres"));
    Files.writeString(data.resolve("postgres/PG_VERSION"), "9\n");
    assertThatThrownBy(() -> database(data).start())
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("PostgreSQL 9");
  }

  @Test
  void close_stopsTheServerAndTheNextStartIsQuick() {
    Path data = directory.resolve("restarted");
    long pid;
    try (Database database = database(data)) {
      database.start();
      insert(database, 7);
      pid = database.serverPid();
      assertThat(ProcessHandle.of(pid)).isPresent();
    }
    assertThat(ProcessHandle.of(pid)).isEmpty();
    try (Database database = database(data)) {
      long begun = System.nanoTime();
      database.start();
      System.out.println(
          "start in an existing directory: " + (System.nanoTime() - begun) / 1_000_000 + " ms");
      assertThat(ids(database)).containsExactly(7L);
    }
  }

  @Test
  void killedService_serverLeftRunning_nextStartHasEveryAcknowledgedRow() throws Exception {
    Path data = directory.resolve("killed");
    long acknowledged = 0;
    for (int round = 0; round < 2; round++) {
      Process process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  DatabaseProcess.class.getName(),
                  data.toString(),
                  Long.toString(acknowledged + 1_000))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      long first = acknowledged + 1_000;
      try (BufferedReader reader = process.inputReader()) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          acknowledged = line.matches("[0-9]+") ? Long.parseLong(line) : acknowledged;
          if (acknowledged >= first + 200) {
            break;
          }
        }
        process.destroyForcibly().waitFor();
      }
      assertThat(acknowledged).isGreaterThanOrEqualTo(first + 200);
      long serverPid =
          Long.parseLong(Files.readAllLines(data.resolve("postgres/postmaster.pid")).getFirst());
      assertThat(ProcessHandle.of(serverPid)).isPresent();
    }
    try (Database database = database(data)) {
      database.start();
      assertThat(ids(database)).contains(1_000L, 1_200L, acknowledged);
      assertThat(ids(database).size()).isGreaterThanOrEqualTo(402);
    }
  }

  @Test
  void killedServer_midWrite_isUnavailableAndLosesNothingAcknowledged() throws Exception {
    Path data = directory.resolve("crashed");
    AtomicInteger acknowledged = new AtomicInteger();
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      try (Database database = database(data)) {
        database.start();
        CountDownLatch some = new CountDownLatch(100);
        Future<?> writer =
            executor.submit(
                () -> {
                  for (int id = 1; ; id++) {
                    insert(database, id);
                    acknowledged.set(id);
                    some.countDown();
                  }
                });
        assertThat(some.await(30, TimeUnit.SECONDS)).isTrue();
        ProcessHandle.of(database.serverPid()).orElseThrow().destroyForcibly();
        assertThatThrownBy(() -> writer.get(30, TimeUnit.SECONDS))
            .hasCauseInstanceOf(DatabaseUnavailableException.class);
        assertThatThrownBy(database::probe).isInstanceOf(DatabaseUnavailableException.class);
      }
    }
    try (Database database = database(data)) {
      database.start();
      int last = acknowledged.get();
      assertThat(ids(database).size()).isBetween(last, last + 1);
      assertThat(ids(database)).contains(1L, (long) last);
    }
  }

  @Test
  void hungServer_callsEndWithinABoundAndItComesBack() throws Exception {
    Path data = directory.resolve("hung");
    try (Database database = database(data)) {
      database.start();
      insert(database, 1);
      List<Long> processes = serverProcesses(database);
      signal("STOP", processes);
      long begun = System.nanoTime();
      assertThatThrownBy(database::probe).isInstanceOf(DatabaseUnavailableException.class);
      assertThatThrownBy(() -> insert(database, 2))
          .isInstanceOf(DatabaseUnavailableException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(BOUND);
      signal("CONT", processes);
      long deadline = System.nanoTime() + BOUND.toNanos();
      while (!answers(database) && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      insert(database, 3);
    }
  }

  @Test
  void inTransaction_conflicts_areRepeatedUntilBothAreDone() throws Exception {
    insert(shared, 1);
    insert(shared, 2);
    CountDownLatch bothHoldOne = new CountDownLatch(2);
    AtomicInteger attempts = new AtomicInteger();
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      Future<?> forward = executor.submit(() -> touch(1, 2, bothHoldOne, attempts));
      Future<?> backward = executor.submit(() -> touch(2, 1, bothHoldOne, attempts));
      forward.get(30, TimeUnit.SECONDS);
      backward.get(30, TimeUnit.SECONDS);
    }
    assertThat(attempts.get()).isGreaterThanOrEqualTo(3);
  }

  private static void touch(long first, long second, CountDownLatch latch, AtomicInteger attempts) {
    shared.inTransaction(
        "touch",
        handle -> {
          attempts.incrementAndGet();
          handle.execute("UPDATE note SET text = 'x' WHERE id = ?", first);
          latch.countDown();
          try {
            latch.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return handle.execute("UPDATE note SET text = 'x' WHERE id = ?", second);
        });
  }

  @Test
  void inTransaction_workThrows_rollsBackAndKeepsTheException() {
    assertThatThrownBy(
            () ->
                shared.inTransaction(
                    "fail",
                    handle -> {
                      handle.execute("INSERT INTO note VALUES (1, 'x')");
                      throw new IllegalArgumentException("no");
                    }))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(ids(shared)).isEmpty();
  }

  @Test
  void inTransaction_refusedStatement_isNotUnavailable() {
    insert(shared, 1);
    assertThatThrownBy(() -> insert(shared, 1))
        .isInstanceOf(DatabaseException.class)
        .isNotInstanceOf(DatabaseUnavailableException.class)
        .hasMessageContaining("insert");
  }

  @Test
  void withConnection_refusedStatement_isNotUnavailable_andTheConnectionGoesOn() {
    assertThatThrownBy(() -> shared.withConnection("bad", c -> run(c, "SELECT nothing")))
        .isExactlyInstanceOf(DatabaseException.class)
        .hasMessageContaining("bad: ");

    boolean hasRows = shared.withConnection("good", c -> run(c, "SELECT 1"));
    assertThat(hasRows).isTrue();
  }

  @Test
  void withConnection_slowStatement_isCancelled() {
    assertThatThrownBy(() -> shared.withConnection("sleep", c -> run(c, "SELECT pg_sleep(60)")))
        .isInstanceOf(DatabaseUnavailableException.class);
  }

  @Test
  void calls_afterClose_areUnavailable() {
    Database closed = database(directory.resolve("closed"));
    closed.start();
    closed.close();

    assertThatThrownBy(() -> closed.withConnection("late", c -> run(c, "SELECT 1")))
        .isInstanceOf(DatabaseUnavailableException.class);
    assertThatThrownBy(closed::probe).isInstanceOf(DatabaseUnavailableException.class);
  }

  private static boolean run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.execute(sql);
    }
  }

  @Test
  void withHandle_slowStatement_isCancelled() {
    assertThatThrownBy(() -> shared.withHandle("sleep", h -> h.execute("SELECT pg_sleep(60)")))
        .isInstanceOf(DatabaseUnavailableException.class);
  }

  private static boolean answers(Database database) {
    try {
      database.probe();
      return true;
    } catch (DatabaseUnavailableException e) {
      return false;
    }
  }

  private static List<Long> serverProcesses(Database database) {
    ProcessHandle server = ProcessHandle.of(database.serverPid()).orElseThrow();
    List<Long> pids = new java.util.ArrayList<>(List.of(server.pid()));
    server.children().forEach(child -> pids.add(child.pid()));
    return pids;
  }

  private static void signal(String name, List<Long> processes) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of("kill", "-" + name));
    processes.forEach(pid -> command.add(Long.toString(pid)));
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  private static void insert(Database database, long id) {
    database.inTransaction(
        "insert", handle -> handle.execute("INSERT INTO note VALUES (?, ?)", id, "row " + id));
  }

  private static List<Long> ids(Database database) {
    return database.withHandle(
        "ids",
        handle -> handle.createQuery("SELECT id FROM note ORDER BY id").mapTo(Long.class).list());
  }

  private static String show(Database database, String name) {
    return database.withHandle(
        "show", handle -> handle.createQuery("SHOW " + name).mapTo(String.class).one());
  }
}
