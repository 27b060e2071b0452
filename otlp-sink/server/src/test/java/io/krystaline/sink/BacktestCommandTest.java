package io.krystaline.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.sink.traffic.Fault;
import io.krystaline.sink.traffic.FaultKind;
import io.krystaline.sink.traffic.TrafficGenerator;
import io.krystaline.sink.traffic.TrafficSettings;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BacktestCommandTest {
  private static final long SECOND = 1_000_000_000L;

  /** Wednesday 2024-01-03T10:00:00Z. */
  private static final long START = 1_704_276_000L * SECOND;

  private static final Fault FAULT =
      new Fault(
          FaultKind.LATENCY, "pricing", "", 1, START + 1_200 * SECOND, START + 1_400 * SECOND);

  @TempDir static Path folder;
  private static Path recording;

  /** What a command printed, and its exit code. */
  private record Run(int status, String out) {}

  @BeforeAll
  static void record() throws IOException {
    recording = folder.resolve("traffic.binpb");
    TrafficGenerator traffic =
        new TrafficGenerator(new TrafficSettings(5, 6, 1), START, List.of(FAULT));
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(recording)))) {
      TrafficGenerator.MessageVisitor write =
          (bytes, length) -> {
            out.writeInt(length);
            out.write(bytes, 0, length);
          };
      traffic.runUntil(START + 1_800 * SECOND, write);
      traffic.finish(write);
    }
  }

  private static Run run(String... arguments) {
    StringWriter out = new StringWriter();
    List<String> all = new ArrayList<>(List.of("backtest"));
    all.addAll(List.of(arguments));
    int status =
        new CommandLine(new KrystalineCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute(all.toArray(String[]::new));
    return new Run(status, out.toString());
  }

  private static Path rules(String text) throws IOException {
    return Files.writeString(folder.resolve("rules.json"), text);
  }

  @Test
  void recorded_rulesThatMute_leaveItToTheCurrentConfiguration() throws IOException {
    Path json = folder.resolve("muted.json");
    StringBuilder all = new StringBuilder("[");
    for (String channel :
        List.of("self_time", "gap_in", "gap_out", "few_children", "rare_children", "errors")) {
      all.append(all.length() > 1 ? "," : "")
          .append("{\"service\":\"pricing\",\"channel\":\"%s\"}".formatted(channel));
    }
    Path rules = rules(all.append("]").toString());

    Run run = run(recording.toString(), "--rules", rules.toString(), "--json", json.toString());

    assertThat(run.status).as(run.out).isZero();
    assertThat(run.out).contains("fire only under the current configuration: 1");
    JsonNode report = StrictJson.mapper().readTree(json.toFile());
    assertThat(report.path("history").asText()).isEqualTo("recorded");
    assertThat(report.path("both")).isEmpty();
    assertThat(report.path("onlyChanged")).isEmpty();
    assertThat(report.at("/onlyCurrent/0/suspects/0/service").asText()).isEqualTo("pricing");
    assertThat(report.at("/changed/rules").asInt()).isEqualTo(6);
  }

  @Test
  void recorded_tenthOfTheBudget_findsTheSameFault() throws IOException {
    Path json = folder.resolve("budget.json");

    Run run =
        run(
            recording.toString(),
            "--set",
            "detection.false-incidents-per-day=0.1",
            "--json",
            json.toString());

    assertThat(run.status).as(run.out).isZero();
    assertThat(run.out)
        .contains("fire under both: 1")
        .contains("current: 1 false incidents per day")
        .contains("changed: 0.1 false incidents per day")
        .contains("pricing");
    JsonNode pair = StrictJson.mapper().readTree(json.toFile()).at("/both/0");
    assertThat(pair.at("/changed/evidence/0/threshold").asDouble())
        .isGreaterThan(pair.at("/current/evidence/0/threshold").asDouble() + 2);
  }

  @Test
  void nothingChanged_isRefused() {
    Run run = run(recording.toString());

    assertThat(run.status).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(run.out).contains("nothing about detection is changed");
  }

  @Test
  void stored_otherSettingThanTheBudget_isRefused() {
    Run run = run("--data", folder.toString(), "--set", "detection.slack=1s");

    assertThat(run.status).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(run.out).contains("give recordings");
  }

  @Test
  void stored_noData_isRefused_andNothingIsMade() {
    Path nowhere = folder.resolve("nowhere");

    Run run = run("--data", nowhere.toString(), "--false-incidents-per-day", "2");

    assertThat(run.status).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(run.out).contains("there is no data in");
    assertThat(nowhere).doesNotExist();
  }
}
