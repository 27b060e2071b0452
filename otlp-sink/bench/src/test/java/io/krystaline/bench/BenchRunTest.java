package io.krystaline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.krystaline.bench.load.RecordingFiles;
import io.krystaline.bench.measure.SinkReceiver;
import io.krystaline.bench.process.SinkCommandLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The benchmark against a real sink, with its database; what is timed is not looked at. */
@Timeout(600)
class BenchRunTest {
  @TempDir private static Path folder;
  private static SinkReceiver sink;

  private record Run(int exitCode, String output) {}

  @BeforeAll
  static void startSink() {
    sink =
        SinkReceiver.start(
            SinkCommandLine.ofThisJvm(), folder, Map.of(), Map.of(), InstantSource.system());
  }

  @AfterAll
  static void stopSink() {
    if (sink != null) {
      sink.close();
    }
  }

  private static Run bench(String... arguments) {
    StringWriter output = new StringWriter();
    CommandLine command =
        new CommandLine(new BenchCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(new PrintWriter(output))
            .setErr(new PrintWriter(output));
    int exitCode = command.execute(arguments);
    return new Run(exitCode, output.toString());
  }

  private static Run benchOfRunning(int apiPort, String... arguments) {
    String[] all = new String[arguments.length + 6];
    all[0] = "--smoke";
    all[1] = "--target=127.0.0.1:" + sink.grpcPort();
    all[2] = "--api=127.0.0.1:" + apiPort;
    all[3] = "--pid=" + sink.pid().orElseThrow();
    all[4] = "--probe=0.1";
    all[5] = "--target-http=127.0.0.1:" + sink.httpPort();
    System.arraycopy(arguments, 0, all, 6, arguments.length);
    return bench(all);
  }

  @Test
  void smoke_startsItsOwnSink_addsUp() {
    Run run = bench("--smoke");

    assertThat(run.output())
        .contains("CPU s/M spans", "of its database", "bytes allocated/span", "anomaly readable ms")
        .doesNotContain("DOES NOT ADD UP");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void smoke_soak_losesNothingThoughTheDatabaseGoesAway() {
    Run run = bench("--smoke", "--soak", "--rate=20000");

    assertThat(run.output())
        .contains("the database is away", "a recalculation", "anomalies committed", "heap after")
        .doesNotContain("DOES NOT ADD UP");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void smoke_ofARunningSink_compressedAndPaced_addsUp() {
    Run run =
        benchOfRunning(
            sink.place().apiPort(), "--compression=gzip", "--rate=20000", "--connections=2");

    assertThat(run.output()).contains("round  1").doesNotContain("DOES NOT ADD UP");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void smoke_jsonOverHttp_addsUp() {
    Run run = benchOfRunning(sink.place().apiPort(), "--protocol=http-json");

    assertThat(run.output()).contains("round  1").doesNotContain("DOES NOT ADD UP");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void smoke_aRecording_isSentAsIfItWereNow() throws IOException {
    Path file = folder.resolve("recording.jsonl");
    Files.writeString(file, RecordingFiles.traces(400));

    Run run =
        benchOfRunning(
            sink.place().apiPort(), "--recording=" + file, "--batch=64", "--connections=2");

    assertThat(run.output()).contains("round  1").doesNotContain("DOES NOT ADD UP");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void memory_twoNumbersOfOperations_tellsTheDifference() {
    Run run = bench("--memory=20,60");

    assertThat(run.output())
        .contains("20 operations in 168 hours", "60 operations in 168 hours")
        .containsPattern("memory per operation: [0-9,-]+ bytes");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void smoke_againstTheReference_printsAndWritesRatios() throws IOException {
    Path json = folder.resolve("figures.json");

    Run run =
        benchOfRunning(
            sink.place().apiPort(), "--against", "--against-executor=pool", "--json=" + json);

    assertThat(run.output()).contains("reference", "times better").doesNotContain("DOES NOT ADD");
    assertThat(run.exitCode()).isZero();
    JsonNode root = new ObjectMapper().readTree(json.toFile());
    assertThat(root.at("/receivers/0/name").asText()).isEqualTo("sink");
    assertThat(root.at("/receivers/1/rounds/0/cpuSecondsPerMillion").asDouble()).isPositive();
    assertThat(root.at("/receivers/0/summary/ackMillisP99/median").asDouble()).isPositive();
    assertThat(root.at("/timesBetter/bytesAllocatedPerSpan/median").asDouble()).isPositive();
  }

  @Test
  void smoke_aCounterThatIsOffByOne_fails() throws IOException {
    HttpServer liar =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    AtomicInteger lies = new AtomicInteger();
    liar.createContext("/", exchange -> forward(exchange, lies));
    liar.start();
    try {
      Run run = benchOfRunning(liar.getAddress().getPort());

      assertThat(run.output())
          .contains("DOES NOT ADD UP: spans accepted by the sender", "received", "(+");
      assertThat(run.exitCode()).isOne();
    } finally {
      liar.stop(0);
    }
  }

  /** The sink's own answer, but that it claims to have received a span more each time. */
  private static void forward(HttpExchange exchange, AtomicInteger lies) throws IOException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI real =
          URI.create("http://127.0.0.1:" + sink.place().apiPort() + exchange.getRequestURI());
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(real)
                  .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      Matcher counter =
          Pattern.compile("(krystaline_sink_spans_received_total\\{[^}]*grpc[^}]*}) ([0-9.E+]+)")
              .matcher(response.body());
      String told =
          counter.replaceFirst(
              match ->
                  match.group(1)
                      + " "
                      + ((long) Double.parseDouble(match.group(2)) + lies.incrementAndGet()));
      byte[] body = told.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(response.statusCode(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }
}
