package io.krystaline.sink.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The sink as its users run it: a process of its own, with a data folder and its embedded
 * PostgreSQL, spoken to over its ports only. Used by one test thread.
 */
final class SinkProcess implements AutoCloseable {
  private static final String MAIN = "io.krystaline.sink.Main";
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Where a sink listens; a restarted sink takes the ports that it had.
   *
   * @param grpc OTLP/gRPC
   * @param http OTLP/HTTP
   * @param api API and metrics
   */
  record Ports(int grpc, int http, int api) {
    static Ports free() {
      int[] ports = FreePorts.take(3);
      return new Ports(ports[0], ports[1], ports[2]);
    }
  }

  private final PeerProcess process;
  private final Path data;
  private final Ports ports;
  private final LoopbackHttp api;

  private SinkProcess(PeerProcess process, Path data, Ports ports) {
    this.process = process;
    this.data = data;
    this.ports = ports;
    this.api = new LoopbackHttp(ports.api());
  }

  /**
   * Starts the sink and returns when it is ready to receive.
   *
   * @param folder holds its data, and its output
   * @param options further ones of its command
   */
  static SinkProcess start(Path folder, Ports ports, String... options) {
    Path data = dataIn(folder);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "sink",
                "--data",
                data.toString(),
                "--otlp-grpc-port",
                Integer.toString(ports.grpc()),
                "--otlp-http-port",
                Integer.toString(ports.http()),
                "--api-port",
                Integer.toString(ports.api())));
    arguments.addAll(List.of(options));
    PeerProcess process =
        PeerProcess.start("sink", folder, Map.of(), commandLine(arguments.toArray(String[]::new)));
    SinkProcess sink = new SinkProcess(process, data, ports);
    try {
      sink.awaitReady();
    } catch (AssertionError e) {
      sink.close();
      throw e;
    }
    return sink;
  }

  /**
   * Runs another command on the data of this folder to its end, while no sink runs there.
   *
   * @return what it printed
   */
  static String command(Path folder, Duration limit, String name, String... options) {
    List<String> arguments = new ArrayList<>(List.of(name, "--data", dataIn(folder).toString()));
    arguments.addAll(List.of(options));
    return PeerProcess.run(
        name, folder, Map.of(), limit, commandLine(arguments.toArray(String[]::new)));
  }

  private static Path dataIn(Path folder) {
    return folder.resolve("data");
  }

  private static List<String> commandLine(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                MAIN));
    command.addAll(List.of(arguments));
    return command;
  }

  private void awaitReady() {
    Eventually.holds(
        () -> "the sink is ready:\n" + process.outputTail(),
        START_LIMIT,
        () -> isReady() || !process.isAlive());
    if (!process.isAlive()) {
      throw new AssertionError("the sink ended:\n" + process.outputTail());
    }
  }

  private boolean isReady() {
    return api.tryGet("/ready").filter(answer -> answer.statusCode() == 200).isPresent();
  }

  Ports ports() {
    return ports;
  }

  /** Spans received over all transports since this process started. */
  long spansReceived() {
    return metrics().sum("krystaline_sink_spans_received_total");
  }

  /** Spans of well-formed messages that were not taken in, since this process started. */
  long spansRejected() {
    return metrics().sum("krystaline_sink_spans_rejected_total");
  }

  Metrics metrics() {
    return new Metrics(api.get("/metrics"));
  }

  /**
   * Waits until a number of spans is received.
   *
   * @throws AssertionError where it is passed, or not reached within the limit
   */
  void awaitReceived(long spans, Duration limit) {
    Eventually.holds(
        () -> "the sink has " + spansReceived() + " of " + spans + ":\n" + process.outputTail(),
        limit,
        () -> spansReceived() >= spans);
    if (spansReceived() != spans) {
      throw new AssertionError("received " + spansReceived() + " instead of " + spans + " spans");
    }
  }

  /** The anomaly of a span, once the API shows it. */
  JsonNode awaitAnomaly(String traceId, String spanId, Duration limit) {
    return Eventually.present(
        () -> "an anomaly of span " + spanId + ":\n" + process.outputTail(),
        limit,
        () ->
            api.tryGet("/api/monitor/anomalies/" + traceId + "-" + spanId)
                .filter(answer -> answer.statusCode() == 200)
                .map(answer -> parsed(answer.body())));
  }

  /** An answer of the API, parsed. */
  JsonNode get(String pathAndQuery) {
    return parsed(api.get(pathAndQuery));
  }

  /** The ids of all anomalies of a service, from all pages. */
  List<String> anomalyIds(String service) {
    List<String> ids = new ArrayList<>();
    String page = "/api/monitor/anomalies?limit=100&service=" + service;
    String cursor = "";
    while (true) {
      JsonNode answer = get(page + cursor);
      answer.get("items").forEach(anomaly -> ids.add(anomaly.get("id").asText()));
      if (!answer.hasNonNull("nextCursor")) {
        return ids;
      }
      cursor =
          "&cursor=" + URLEncoder.encode(answer.get("nextCursor").asText(), StandardCharsets.UTF_8);
    }
  }

  /** Has the baselines built from everything received so far, and waits until they are. */
  void recalculate(Duration limit) {
    api.postJson("/api/monitor/recalculate", "");
    Eventually.holds(
        () -> "the recalculation ends: " + get("/api/monitor/recalculate"),
        limit,
        () -> !"running".equalsIgnoreCase(get("/api/monitor/recalculate").path("state").asText()));
  }

  private static JsonNode parsed(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + body, e);
    }
  }

  String outputTail() {
    return process.outputTail();
  }

  /** Ends the sink as {@code kill -9} does; what its database does then is the sink's concern. */
  void kill() {
    process.kill();
  }

  /** Stops the sink, and a database that a killed sink has left behind. */
  @Override
  public void close() {
    api.close();
    process.close();
    leftOverDatabase().ifPresent(ProcessHandle::destroy);
  }

  /** The process that PostgreSQL's lock file in the data folder names, where it still runs. */
  private Optional<ProcessHandle> leftOverDatabase() {
    if (!Files.isDirectory(data)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(data, 4)) {
      return files
          .filter(file -> file.endsWith("postmaster.pid"))
          .findFirst()
          .flatMap(SinkProcess::named);
    } catch (IOException e) {
      throw new UncheckedIOException("unreadable: " + data, e);
    }
  }

  private static Optional<ProcessHandle> named(Path lockFile) {
    try (Stream<String> lines = Files.lines(lockFile)) {
      return lines.findFirst().flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())));
    } catch (IOException e) {
      throw new UncheckedIOException("unreadable: " + lockFile, e);
    }
  }
}
