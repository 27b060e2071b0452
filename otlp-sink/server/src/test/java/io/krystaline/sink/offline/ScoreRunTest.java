package io.krystaline.sink.offline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.incident.UseCaseRules;
import io.krystaline.engine.score.ScoringSettings;
import io.krystaline.engine.score.TimeRange;
import io.krystaline.sink.detect.DetectionSetup;
import io.krystaline.sink.recalculate.CronSchedule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreRunTest {
  private static final Instant MONDAY = Instant.parse("2026-11-16T09:00:00Z");
  private static final long MILLI = 1_000_000;

  @TempDir private Path folder;

  private final ObjectMapper mapper = new ObjectMapper();

  @Test
  void run_cold_learnsAsItGoes_andFindsTheSlowSpan() throws IOException {
    Path file = lines("a.json", normal(0, 300), span(300, MONDAY, 1_000 * MILLI));

    run(List.of(), TimeRange.ALL, List.of(file), TimeRange.ALL);

    JsonNode summary = read("summary.json");
    assertThat(summary.path("spans").asLong()).isEqualTo(301);
    assertThat(summary.path("traces").asLong()).isEqualTo(301);
    assertThat(summary.path("learned").asLong()).isZero();
    List<String> anomalies = Files.readAllLines(folder.resolve("out/anomalies.ndjson"));
    JsonNode last = mapper.readTree(anomalies.get(anomalies.size() - 1));
    assertThat(last.path("severity").asInt()).isEqualTo(1);
    assertThat(last.path("durationMillis").asDouble()).isEqualTo(1_000);
    assertThat(last.path("startTime").asText()).isEqualTo("2026-11-16T09:00:00.000000000Z");
    assertThat(last.path("explanation").asText()).contains("observed 1");
    assertThat(summary.path("anomalies").asLong()).isEqualTo(anomalies.size());
    assertThat(summary.path("anomaliesBySeverity").path("1").asLong()).isPositive();
    JsonNode baseline = read("baselines.json").path("items").path(0);
    assertThat(baseline.path("operation").asText()).isEqualTo("GET /orders");
    assertThat(baseline.path("samples").asLong()).isPositive();
  }

  @Test
  void run_learned_marksTheFirstSlowSpan_andTheRangesHold() throws IOException {
    Path file =
        lines(
            "a.json",
            normal(0, 300),
            span(300, MONDAY.plusSeconds(60), 1_000 * MILLI),
            span(301, MONDAY.plusSeconds(120), 1_000 * MILLI));
    Instant clean = MONDAY.plusSeconds(30);

    run(
        List.of(file),
        TimeRange.between(MONDAY, clean),
        List.of(file),
        TimeRange.between(clean, MONDAY.plusSeconds(100)));

    JsonNode summary = read("summary.json");
    assertThat(summary.path("learned").asLong()).isEqualTo(300);
    assertThat(summary.path("spans").asLong()).isEqualTo(1);
    assertThat(summary.path("anomalies").asLong()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("out/anomalies.ndjson")))
        .contains("Mondays 09:00")
        .contains("300 samples");
  }

  @Test
  void run_corruptLine_isCountedAndNamed_andTheRestIsScored() throws IOException {
    Path file =
        lines("a.json", span(1, MONDAY, MILLI), "{\"resourceSpans\":[{\n", span(2, MONDAY, MILLI));

    run(List.of(), TimeRange.ALL, List.of(file), TimeRange.ALL);

    JsonNode summary = read("summary.json");
    assertThat(summary.path("spans").asLong()).isEqualTo(2);
    assertThat(summary.path("rejectedByReason").path("malformed").asLong()).isEqualTo(1);
    assertThat(summary.path("corrupt").path(0).path("place").asText()).isEqualTo("line 2");
  }

  @Test
  void run_twice_givesTheSameAnomalies() throws IOException {
    StringBuilder text = new StringBuilder(normal(0, 2_000));
    for (int i = 0; i < 50; i++) {
      text.append(span(2_000 + i, MONDAY.plusSeconds(i), (200 + i) * MILLI));
    }
    Path file = lines("a.json", text.toString());
    run(List.of(), TimeRange.ALL, List.of(file), TimeRange.ALL);
    String first = Files.readString(folder.resolve("out/anomalies.ndjson"));
    run(List.of(), TimeRange.ALL, List.of(file), TimeRange.ALL);

    assertThat(first).isNotEmpty();
    assertThat(Files.readString(folder.resolve("out/anomalies.ndjson"))).isEqualTo(first);
  }

  @Test
  void run_recalculatesWhenEventTimePassesTheSchedule() throws IOException {
    Path file =
        lines(
            "a.json",
            normal(0, 1_500),
            span(1_500, MONDAY.plus(Duration.ofDays(1)), 90 * MILLI),
            span(1_501, MONDAY.plus(Duration.ofDays(1)), 5_000 * MILLI));

    run(List.of(), TimeRange.ALL, List.of(file), TimeRange.ALL);

    assertThat(Files.readString(folder.resolve("out/anomalies.ndjson")).lines().toList())
        .last()
        .asString()
        .contains("09:00")
        .contains("of any day");
  }

  private void run(List<Path> learn, TimeRange learned, List<Path> files, TimeRange scored)
      throws IOException {
    ScoreSettings settings =
        new ScoreSettings(
            learn,
            learned,
            files,
            scored,
            folder.resolve("out"),
            1 << 20,
            BaselineSettings.defaults(),
            DirectoryLimits.defaults(),
            ScoringSettings.defaults(),
            DetectionSetup.DEFAULTS,
            UseCaseRules.NONE);
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    new ScoreRun(
            settings,
            CronSchedule.parse("0 3 * * *", ZoneOffset.UTC),
            Duration.ofDays(30),
            7,
            new Progress(nowhere, true))
        .run();
  }

  private JsonNode read(String name) throws IOException {
    return mapper.readTree(folder.resolve("out").resolve(name).toFile());
  }

  private Path lines(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("", lines));
  }

  private static String normal(int firstId, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(span(firstId + i, MONDAY.plusMillis(i), (80 + i % 40) * MILLI));
    }
    return text.toString();
  }

  private static String span(int id, Instant start, long durationNanos) {
    long startNanos = start.getEpochSecond() * 1_000_000_000L + start.getNano();
    return """
    {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},\
    "scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"%016x","name":"GET /orders","kind":2,\
    "startTimeUnixNano":"%d","endTimeUnixNano":"%d"}]}]}]}
    """
        .formatted(id + 1, id + 1, startNanos, startNanos + durationNanos);
  }
}
