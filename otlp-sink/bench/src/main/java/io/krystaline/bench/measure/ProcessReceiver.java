package io.krystaline.bench.measure;

import io.krystaline.bench.process.ChildProcess;
import io.krystaline.bench.process.JvmProbe;
import io.krystaline.bench.process.ProcessTimes;
import io.krystaline.bench.process.SinkCommandLine;
import io.krystaline.bench.reference.ReferenceReceiver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A receiver that is no sink: the reference, or any program that takes OTLP. */
public final class ProcessReceiver implements Receiver {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int CONNECT_MILLIS_MAX = 500;
  private static final Pattern PORTS = Pattern.compile("gRPC (\\d+) counts (\\d+)");

  private final String name;
  private final ChildProcess process;
  private final int port;
  private final Optional<SinkApi> counts;
  private final Optional<JvmProbe> jvm;
  private long receivedBefore;

  private ProcessReceiver(
      String name,
      ChildProcess process,
      int port,
      Optional<SinkApi> counts,
      Optional<JvmProbe> jvm) {
    this.name = name;
    this.process = process;
    this.port = port;
    this.counts = counts;
    this.jvm = jvm;
  }

  /**
   * Starts the reference receiver.
   *
   * @param executor {@code direct} or {@code pool}
   * @param javaOptions options of its JVM, split at blanks
   */
  public static ProcessReceiver reference(Path folder, String executor, String javaOptions) {
    List<String> command = new ArrayList<>(List.of(SinkCommandLine.javaCommand()));
    Arrays.stream(javaOptions.split(" ", -1)).filter(each -> !each.isBlank()).forEach(command::add);
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            ReferenceReceiver.class.getName(),
            executor));
    ChildProcess process = ChildProcess.start("reference", folder, Map.of(), command);
    try {
      Matcher ports =
          process.await(
              "ready reference",
              START_LIMIT,
              () -> Optional.of(PORTS.matcher(process.output())).filter(Matcher::find));
      URI page = URI.create("http://127.0.0.1:" + ports.group(2));
      return new ProcessReceiver(
          "reference",
          process,
          Integer.parseInt(ports.group(1)),
          Optional.of(new SinkApi(page)),
          JvmProbe.attach(process.pid()));
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  /**
   * Starts any program and waits until it listens.
   *
   * @param command a simple command, as a shell reads it
   * @param port where it takes OTLP, by the protocol that is measured
   */
  public static ProcessReceiver of(Path folder, String command, int port) {
    ChildProcess process =
        ChildProcess.start("other", folder, Map.of(), List.of("sh", "-c", "exec env " + command));
    try {
      var _ = process.await("listener on port " + port, START_LIMIT, () -> listening(port));
      return new ProcessReceiver(
          "other", process, port, Optional.empty(), JvmProbe.attach(process.pid()));
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  private static Optional<Boolean> listening(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS_MAX);
      return Optional.of(true);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String host() {
    return "127.0.0.1";
  }

  @Override
  public int grpcPort() {
    return port;
  }

  @Override
  public int httpPort() {
    return port;
  }

  @Override
  public Optional<Long> pid() {
    return Optional.of(process.pid());
  }

  @Override
  public OptionalDouble cpuSeconds() {
    return OptionalDouble.of(ProcessTimes.treeCpuSeconds(process.pid()));
  }

  @Override
  public OptionalDouble databaseCpuSeconds() {
    return OptionalDouble.empty();
  }

  @Override
  public Optional<JvmProbe> jvm() {
    return jvm;
  }

  @Override
  public Optional<SinkApi> api() {
    return Optional.empty();
  }

  @Override
  public void open() throws InterruptedException {
    receivedBefore = received();
  }

  @Override
  public void settle() {
    // It has worked off what it has answered, as far as anybody can tell.
  }

  @Override
  public List<String> differences(SenderCounts sender) throws InterruptedException {
    return counts.isEmpty()
        ? Reconciler.senderDifferences(sender)
        : Reconciler.differences(sender, received() - receivedBefore);
  }

  private long received() throws InterruptedException {
    return counts.isEmpty() ? 0 : counts.get().metrics().sum(ReferenceReceiver.RECEIVED);
  }

  @Override
  public long anomaliesStored() {
    return 0;
  }

  @Override
  public void close() {
    jvm.ifPresent(JvmProbe::close);
    counts.ifPresent(SinkApi::close);
    process.close();
  }
}
