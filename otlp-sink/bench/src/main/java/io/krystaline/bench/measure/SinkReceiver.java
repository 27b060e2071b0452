package io.krystaline.bench.measure;

import io.krystaline.bench.process.ChildProcess;
import io.krystaline.bench.process.JvmProbe;
import io.krystaline.bench.process.ProcessTimes;
import io.krystaline.bench.process.SinkCommandLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Krystaline sink: started here with a data folder of its own, or one that runs already. */
public final class SinkReceiver implements Receiver {
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(40);
  private static final Duration BOOKED_BEFORE = Duration.ofDays(29);
  private static final Duration BOOKED_AFTER = Duration.ofHours(12);

  /** A page of metrics costs the sink some milliseconds, which count as the round's. */
  private static final long POLL_NANOS = 250_000_000;

  private static final Pattern PLACE =
      Pattern.compile(
          "^(OTLP/gRPC|OTLP/HTTP|API) +(?:http://)?([^:/ ]+):(\\d+)", Pattern.MULTILINE);

  /** A sink that runs already. */
  public record Place(
      String host, int grpcPort, int httpPort, String apiHost, int apiPort, Optional<Long> pid) {}

  private final Place place;
  private final @Nullable ChildProcess process;
  private volatile Optional<Long> databasePid;
  private final SinkApi api;
  private final Optional<JvmProbe> jvm;
  private final InstantSource clock;
  private SinkCounts before;
  private long stored;

  private SinkReceiver(
      Place place,
      @Nullable ChildProcess process,
      Optional<Long> databasePid,
      Optional<JvmProbe> jvm,
      InstantSource clock) {
    this.place = place;
    this.process = process;
    this.databasePid = databasePid;
    this.clock = clock;
    this.api = new SinkApi(URI.create("http://" + place.apiHost() + ":" + place.apiPort()));
    this.jvm = jvm;
    this.before = new SinkCounts(0, 0, 0, 0, 0, 0, 0);
  }

  /** Joins a sink that runs already. */
  public static SinkReceiver at(Place place, InstantSource clock) {
    return new SinkReceiver(
        place, null, Optional.empty(), place.pid().flatMap(JvmProbe::attach), clock);
  }

  /**
   * Starts a sink and returns when it is ready.
   *
   * @param folder gets its log and its data
   * @param settings by key, as {@code --set} takes them
   * @param environment what is added to the environment
   */
  public static SinkReceiver start(
      SinkCommandLine commandLine,
      Path folder,
      Map<String, String> settings,
      Map<String, String> environment,
      InstantSource clock) {
    Path data = folder.resolve("data");
    List<String> options =
        new ArrayList<>(
            List.of(
                "--data",
                data.toString(),
                "--otlp-grpc-port=0",
                "--otlp-http-port=0",
                "--api-port=0"));
    settings.forEach((key, value) -> options.addAll(List.of("--set", key + "=" + value)));
    ChildProcess process =
        ChildProcess.start("sink", folder, environment, commandLine.with(options));
    try {
      Place place =
          process.await(
              "ready sink", START_LIMIT, () -> announced(process.output(), process.pid()));
      return new SinkReceiver(
          place, process, databasePid(data), JvmProbe.attach(process.pid()), clock);
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  /** Where a sink says that it listens; empty as long as it has not said it all. */
  static Optional<Place> announced(String output, long pid) {
    Matcher matcher = PLACE.matcher(output);
    String host = "";
    String apiHost = "";
    int grpc = 0;
    int http = 0;
    int api = 0;
    while (matcher.find()) {
      int port = Integer.parseInt(matcher.group(3));
      switch (matcher.group(1)) {
        case "OTLP/gRPC" -> {
          host = matcher.group(2);
          grpc = port;
        }
        case "OTLP/HTTP" -> http = port;
        default -> {
          apiHost = matcher.group(2);
          api = port;
        }
      }
    }
    return api == 0
        ? Optional.empty()
        : Optional.of(new Place(host, grpc, http, apiHost, api, Optional.of(pid)));
  }

  /** The process that PostgreSQL's lock file in the data folder names. */
  private static Optional<Long> databasePid(Path data) {
    try (Stream<Path> files = Files.walk(data, 4)) {
      Optional<Path> lock = files.filter(file -> file.endsWith("postmaster.pid")).findFirst();
      if (lock.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(Long.parseLong(Files.readAllLines(lock.get()).getFirst().strip()));
    } catch (IOException e) {
      throw new UncheckedIOException("unreadable: " + data, e);
    }
  }

  /** Where it listens. */
  public Place place() {
    return place;
  }

  @Override
  public String name() {
    return "sink";
  }

  @Override
  public String host() {
    return place.host();
  }

  @Override
  public int grpcPort() {
    return place.grpcPort();
  }

  @Override
  public int httpPort() {
    return place.httpPort();
  }

  @Override
  public Optional<Long> pid() {
    return place.pid();
  }

  @Override
  public OptionalDouble cpuSeconds() {
    return place.pid().isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(ProcessTimes.cpuSeconds(place.pid().get()));
  }

  @Override
  public OptionalDouble databaseCpuSeconds() {
    return databasePid.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(ProcessTimes.treeCpuSeconds(databasePid.get()));
  }

  @Override
  public Optional<JvmProbe> jvm() {
    return jvm;
  }

  @Override
  public Optional<SinkApi> api() {
    return Optional.of(api);
  }

  @Override
  public void open() throws InterruptedException {
    before = counts();
  }

  /** Waits until no anomaly is pending and detection has seen every span but the closing one. */
  @Override
  public void settle() throws InterruptedException {
    settle(metrics -> hasNothingPending(metrics) && hasDetected(metrics));
  }

  /** Waits until no anomaly is pending. */
  void settleAnomalies() throws InterruptedException {
    settle(SinkReceiver::hasNothingPending);
  }

  private void settle(Predicate<MetricsText> settled) throws InterruptedException {
    long end = System.nanoTime() + SETTLE_LIMIT.toNanos();
    while (!settled.test(api.metrics()) && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** Where its live stream is. */
  URI live() {
    return URI.create("ws://" + place.apiHost() + ":" + place.apiPort() + "/api/monitor/live");
  }

  /** The main process of its own database; empty where it has none or was not started here. */
  Optional<Long> databasePid() {
    return databasePid;
  }

  /** Its database was restarted. */
  void databaseIs(long pid) {
    databasePid = Optional.of(pid);
  }

  private static boolean hasNothingPending(MetricsText metrics) {
    return metrics.sum("krystaline_sink_anomalies_pending") == 0;
  }

  private static boolean hasDetected(MetricsText metrics) {
    return metrics.sum("krystaline_sink_spans_scored_total") - detected(metrics) <= 1;
  }

  @Override
  public List<String> differences(SenderCounts sender) throws InterruptedException {
    SinkCounts after = counts();
    SinkCounts round = after.since(before);
    stored = round.anomaliesStored();
    return Reconciler.differences(sender, round, before.scored() - before.detected(), 1);
  }

  @Override
  public long anomaliesStored() {
    return stored;
  }

  /** Has the baselines built from everything received so far, and waits until they are. */
  public void recalculate(Duration limit) throws InterruptedException {
    api.beginRecalculation();
    long end = System.nanoTime() + limit.toNanos();
    while (api.isRecalculating()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("no end of the recalculation in " + limit);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** How many checkpoints it has completed. */
  public long checkpoints() throws InterruptedException {
    return api.metrics().sum("krystaline_sink_checkpoints_completed_total");
  }

  /** Waits until everything that was learned before this call is written. */
  public void awaitCheckpoint(Duration limit) throws InterruptedException {
    // The one under way may have begun before.
    long enough = checkpoints() + 2;
    long end = System.nanoTime() + limit.toNanos();
    while (checkpoints() < enough) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("no checkpoint in " + limit);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  SinkCounts counts() throws InterruptedException {
    Instant now = clock.instant();
    long anomalies = api.storedAnomalies(now.minus(BOOKED_BEFORE), now.plus(BOOKED_AFTER));
    MetricsText metrics = api.metrics();
    return new SinkCounts(
        metrics.sum("krystaline_sink_spans_received_total"),
        metrics.sum("krystaline_sink_spans_rejected_total"),
        metrics.sum("krystaline_sink_spans_scored_total"),
        metrics.sum("krystaline_sink_anomalies_total"),
        anomalies,
        detected(metrics),
        metrics.sum("krystaline_sink_commit_failures_total")
            + metrics.sum("krystaline_sink_detection_failures_total"));
  }

  private static long detected(MetricsText metrics) {
    return metrics.sum("krystaline_sink_detection_spans_assembled_total")
        + metrics.sum("krystaline_sink_detection_spans_late_total")
        + metrics.sum("krystaline_sink_detection_spans_shed_total");
  }

  /** What the process has printed last, for the message of a failure; empty for a joined one. */
  public String outputTail() {
    return process == null ? "" : process.outputTail();
  }

  @Override
  public void close() {
    jvm.ifPresent(JvmProbe::close);
    api.close();
    if (process != null) {
      process.close();
    }
  }
}
