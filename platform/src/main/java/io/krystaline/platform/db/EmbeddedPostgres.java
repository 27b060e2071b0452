package io.krystaline.platform.db;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of our own in a data directory: on loopback only, with a random password,
 * with every setting that keeps a committed transaction through a crash.
 *
 * <p>Its processes are a session of their own, so that Ctrl-C at the terminal reaches the service
 * alone, which then stops the server when it no longer needs it. When the service is killed, the
 * server goes on; the next start stops it first. A lock on the data directory keeps a second
 * service out.
 *
 * <p>Not safe for use by several threads.
 */
final class EmbeddedPostgres implements AutoCloseable {
  /** The most connections that the server takes, less a few for its own use. */
  static final int CONNECTIONS_MAX = 20;

  static final String USER = "krystaline";

  private static final Logger logger = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final int START_ATTEMPTS = 3;
  private static final long LOG_BYTES_MAX = 8L << 20;
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final Path dataDirectory;
  private final Path binariesDirectory;
  private final Duration startTimeout;
  private final Path cluster;
  private final Path passwordFile;
  private final Path log;

  private @Nullable FileChannel lock;
  private @Nullable Path programs;
  private String password = "";
  private int port;

  EmbeddedPostgres(Path dataDirectory, Path binariesDirectory, Duration startTimeout) {
    this.dataDirectory = dataDirectory.toAbsolutePath().normalize();
    this.binariesDirectory = binariesDirectory.toAbsolutePath().normalize();
    this.startTimeout = startTimeout;
    this.cluster = this.dataDirectory.resolve("postgres");
    this.passwordFile = this.dataDirectory.resolve("postgres.password");
    this.log = this.dataDirectory.resolve("postgres.log");
  }

  /**
   * Starts the server, and returns when it takes connections.
   *
   * @throws DatabaseException if another process uses the data directory, or the server does not
   *     start
   */
  void start() {
    try {
      Files.createDirectories(dataDirectory);
      lock = lockDataDirectory();
      programs = PostgresBinaries.unpack(binariesDirectory);
      if (Files.exists(cluster.resolve("PG_VERSION"))) {
        requireSameVersion();
        stopLeftBehind();
      } else {
        createCluster();
      }
      password = Files.readString(passwordFile).strip();
      startServer();
    } catch (IOException e) {
      close();
      throw new DatabaseException("cannot start PostgreSQL in " + dataDirectory + ": " + e, e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  String password() {
    return password;
  }

  /** The process id of the server's main process; 0 where it does not run. */
  long pid() {
    ProcessHandle process = runningServer();
    return process == null ? 0 : process.pid();
  }

  /** Stops the server and gives the data directory free. */
  @Override
  public void close() {
    FileChannel held = lock;
    if (held == null) {
      return;
    }
    lock = null;
    try {
      stopServer();
    } finally {
      try {
        held.close();
      } catch (IOException e) {
        logger.warn("cannot release the lock on {}", dataDirectory, e);
      }
    }
  }

  private FileChannel lockDataDirectory() throws IOException {
    Path file = dataDirectory.resolve("lock");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock acquired = channel.tryLock();
      if (acquired != null) {
        String holder = Long.toString(ProcessHandle.current().pid());
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.US_ASCII)));
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      logger.debug("this process holds the lock itself", e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new DatabaseException(
        "the data directory "
            + dataDirectory
            + " is in use by another process (pid "
            + Files.readString(file).strip()
            + "); stop it or choose another directory");
  }

  private void requireSameVersion() throws IOException {
    String found = Files.readString(cluster.resolve("PG_VERSION")).strip();
    String ours = run(STOP_TIMEOUT, "postgres", "--version").output().replaceAll("[^0-9.]", "");
    String major = ours.contains(".") ? ours.substring(0, ours.indexOf('.')) : ours;
    if (!found.equals(major)) {
      throw new DatabaseException(
          "the data in "
              + cluster
              + " is of PostgreSQL "
              + found
              + ", and this is PostgreSQL "
              + major
              + "; dump and restore it, or use the version before");
    }
  }

  /** Creates the cluster beside its place and moves it there when it is whole. */
  private void createCluster() throws IOException {
    logger.info("creating a PostgreSQL cluster in {}", cluster);
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    Path unfinished = dataDirectory.resolve("postgres.new");
    PostgresBinaries.deleteTree(unfinished);
    Files.deleteIfExists(passwordFile);
    Files.createFile(
        passwordFile,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        passwordFile, Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n");
    Result result =
        run(
            startTimeout,
            "initdb",
            "--pgdata=" + unfinished,
            "--username=" + USER,
            "--pwfile=" + passwordFile,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--data-checksums");
    if (result.exit() != 0) {
      throw new DatabaseException("initdb failed: " + result.output());
    }
    Files.move(unfinished, cluster, StandardCopyOption.ATOMIC_MOVE);
  }

  private void startServer() throws IOException {
    Files.writeString(cluster.resolve("pg_hba.conf"), EmbeddedPostgresConf.access(USER));
    if (Files.exists(log) && Files.size(log) > LOG_BYTES_MAX) {
      Files.move(log, dataDirectory.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    for (int attempt = 1; ; attempt++) {
      port = freePort();
      Files.writeString(
          cluster.resolve("postgresql.conf"),
          EmbeddedPostgresConf.settings(port, CONNECTIONS_MAX + 4));
      long logStart = Files.exists(log) ? Files.size(log) : 0;
      Result result =
          run(
              startTimeout.plusSeconds(5),
              "pg_ctl",
              "start",
              "--pgdata=" + cluster,
              "--log=" + log,
              "--timeout=" + startTimeout.toSeconds(),
              "--silent",
              "--wait");
      if (result.exit() == 0) {
        return;
      }
      if (attempt == START_ATTEMPTS) {
        throw new DatabaseException(
            "PostgreSQL does not start in "
                + cluster
                + ": "
                + result.output()
                + logSince(logStart));
      }
      logger.warn("PostgreSQL does not start, trying again: {}", logSince(logStart));
    }
  }

  private String logSince(long offset) throws IOException {
    if (!Files.exists(log)) {
      return "";
    }
    try (FileChannel channel = FileChannel.open(log)) {
      long length = Math.min(4_096, channel.size() - offset);
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.max(0, length));
      channel.read(buffer, offset);
      return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).strip();
    }
  }

  /** Stops a server that a killed service has left running, and clears what it left. */
  private void stopLeftBehind() throws IOException {
    ProcessHandle process = runningServer();
    if (process != null) {
      logger.info(
          "stopping the PostgreSQL that an earlier process left running, {}", process.pid());
      stopServer();
    }
    Files.deleteIfExists(cluster.resolve("postmaster.pid"));
  }

  private void stopServer() {
    ProcessHandle process = runningServer();
    if (process == null) {
      return;
    }
    if (signal("fast", process, STOP_TIMEOUT) || signal("immediate", process, STOP_TIMEOUT)) {
      return;
    }
    logger.warn("PostgreSQL does not stop, killing process {}", process.pid());
    process.destroyForcibly();
    waitForEnd(process, STOP_TIMEOUT);
  }

  private boolean signal(String mode, ProcessHandle process, Duration timeout) {
    try {
      run(timeout, "pg_ctl", "stop", "--pgdata=" + cluster, "--mode=" + mode, "--no-wait");
    } catch (IOException e) {
      logger.warn("cannot stop PostgreSQL, process {}", process.pid(), e);
      return false;
    }
    return waitForEnd(process, timeout);
  }

  private static boolean waitForEnd(ProcessHandle process, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean interrupted = false;
    while (process.isAlive() && System.nanoTime() < deadline) {
      try {
        TimeUnit.MILLISECONDS.sleep(5);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !process.isAlive();
  }

  /** The server's main process, by the file that it keeps while it runs. */
  private @Nullable ProcessHandle runningServer() {
    try {
      List<String> lines = Files.readAllLines(cluster.resolve("postmaster.pid"));
      long pid = lines.isEmpty() ? 0 : Long.parseLong(lines.get(0).strip());
      ProcessHandle process = pid <= 0 ? null : ProcessHandle.of(pid).orElse(null);
      if (process == null || !process.isAlive()) {
        return null;
      }
      // The number may belong to an unrelated process by now, after a restart of the machine.
      boolean ours = process.info().command().map(c -> c.endsWith("/postgres")).orElse(true);
      return ours ? process : null;
    } catch (IOException | NumberFormatException e) {
      return null;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private record Result(int exit, String output) {}

  /** Runs one of PostgreSQL's programs to its end. */
  private Result run(Duration timeout, String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      // PostgreSQL refuses to run as root. A user namespace of its own makes it nobody, without
      // rights over anything but what the real user owns.
      command.add("unshare");
      command.add("--user");
    }
    command.add(programs + "/bin/" + program);
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(dataDirectory, program, ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(dataDirectory.toFile())
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(output.toFile());
      builder.environment().put("LC_ALL", "C");
      builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
      Process process = builder.start();
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        return new Result(-1, program + " took longer than " + timeout);
      }
      return new Result(process.exitValue(), Files.readString(output).strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while running " + program, e);
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
