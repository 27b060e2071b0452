package io.krystaline.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The open recording of a real system with its labelled faults, cold, with the default settings.
 */
class OpenRecordingTest {
  private static final String FOLDER = "data/online-boutique-2022-08-22";

  @TempDir private Path folder;

  @Test
  void scoreAndJudge_find14Of16Windows_withoutAFalseIncident() throws IOException {
    Path data = data();
    Path out = folder.resolve("out");
    Path figures = folder.resolve("judgement.json");

    int scored =
        run("score", data.resolve("recording.otlp.jsonl.gz").toString(), "--out", out.toString());
    int judged =
        run(
            "judge",
            "--labels",
            data.resolve("labels.json").toString(),
            "--out",
            figures.toString(),
            out.resolve("incidents.json").toString());

    assertThat(scored).isZero();
    assertThat(judged).isZero();
    JsonNode judgement = new ObjectMapper().readTree(figures.toFile());
    int found = judgement.path("found").asInt();
    assertThat(judgement.path("scorableWindows").asInt()).isEqualTo(16);
    assertThat(found).as("windows found").isGreaterThanOrEqualTo(14);
    assertThat(judgement.path("falseIncidents").asInt(-1)).isZero();
    assertThat(judgement.path("falseIncidentsStrict").asInt(-1)).isZero();
    assertThat(judgement.path("top1").asInt()).isGreaterThanOrEqualTo((int) Math.ceil(0.9 * found));
    assertThat(judgement.path("secondsToDetectMedian").asDouble()).isBetween(0.1, 30.0);
  }

  private static int run(String... arguments) {
    return new CommandLine(new KrystalineCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new FailureReport())
        .execute(arguments);
  }

  private static Path data() {
    Path root =
        Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
            .takeWhile(each -> each != null)
            .filter(each -> Files.isDirectory(each.resolve("collector-config")))
            .findFirst()
            .orElseThrow(() -> new AssertionError("not inside a checkout"));
    Path data = root.resolveSibling("shared").resolve(FOLDER);
    if (!Files.isReadable(data.resolve("labels.json"))) {
      System.out.println("SKIPPED: ../shared/" + FOLDER + " is not beside the checkout");
      Assumptions.abort("the data ../shared/" + FOLDER + " is not beside the checkout");
    }
    return data;
  }
}
