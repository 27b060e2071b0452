package io.krystaline.sink.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.krystaline.platform.json.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeFilesTest {
  private final JudgeFiles files = new JudgeFiles(StrictJson.mapper());

  @TempDir private Path folder;

  @Test
  void incidents_inEveryForm_areRead() throws IOException {
    Path file =
        write(
            """
            [{"id":"a","start":"1970-01-01T00:00:01.000000002Z","end":null,
              "detectedAt":"1970-01-01T00:00:03Z","severity":2,
              "suspects":[{"service":"cart","operation":null,"share":0.5},{"service":"cart"}]},
             {"id":"b","start":5,"end":"9","detectedAt":"1970-01-01T01:00:00+01:00"}]
            """);

    assertThat(files.incidents(file))
        .containsExactly(
            new JudgedIncident(
                "a", 1_000_000_002L, 3_000_000_000L, OptionalLong.empty(), List.of("cart", "cart")),
            new JudgedIncident("b", 5, 0, OptionalLong.of(9), List.of()));
  }

  @Test
  void incidents_none_isAnEmptyList() throws IOException {
    assertThat(files.incidents(write("[]"))).isEmpty();
  }

  @Test
  void incidents_ofAWrongForm_areRefusedWithTheirPlace() throws IOException {
    Path noArray = write("{}");
    assertThatThrownBy(() -> files.incidents(noArray)).hasMessageContaining("JSON array");
    Path noTime = write("[{\"id\":\"a\",\"start\":1,\"end\":null,\"detectedAt\":\"soon\"}]");
    assertThatThrownBy(() -> files.incidents(noTime))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[0].detectedAt is no time: 'soon'");
    Path fraction = write("[{\"id\":\"a\",\"start\":1.5,\"end\":null,\"detectedAt\":2}]");
    assertThatThrownBy(() -> files.incidents(fraction)).hasMessageContaining("[0].start");
    Path noSuspects = write("[{\"id\":\"a\",\"start\":1,\"detectedAt\":2,\"suspects\":\"cart\"}]");
    assertThatThrownBy(() -> files.incidents(noSuspects)).hasMessageContaining("suspects");
    Path backwards = write("[{\"id\":\"a\",\"start\":3,\"end\":1,\"detectedAt\":2}]");
    assertThatThrownBy(() -> files.incidents(backwards)).hasMessageContaining("a ends before");
  }

  @Test
  void labels_withoutCoverage_areCoveredFromFirstToLast() throws IOException {
    Labels labels =
        files.labels(
            write(
                """
                {"firstStart":"10","lastEnd":"90","faults":[
                  {"id":"f","service":"cart","startUnixNano":"20","endUnixNano":30}]}
                """));

    assertThat(labels.covered()).containsExactly(new Interval(10, 90));
    assertThat(labels.faults())
        .containsExactly(new FaultWindow("f", "cart", "unknown", new Interval(20, 30), true));
    assertThat(labels.unlabelled()).isEmpty();
    assertThat(labels.services()).isZero();
  }

  @Test
  void labels_ofAWrongForm_areRefusedWithTheirPlace() throws IOException {
    Path nothing = write("{}");
    assertThatThrownBy(() -> files.labels(nothing)).hasMessageContaining("firstStart");
    Path backwards = write("{\"covered\":[[\"5\",\"1\"]]}");
    assertThatThrownBy(() -> files.labels(backwards)).hasMessageContaining("covered[0]");
    Path nameless = write("{\"covered\":[[1,5]],\"faults\":[{\"service\":\"x\"}]}");
    assertThatThrownBy(() -> files.labels(nameless)).hasMessageContaining("faults[0].id");
    Path list = write("[]");
    assertThatThrownBy(() -> files.labels(list)).hasMessageContaining("JSON object");
  }

  @Test
  void labels_ofTheOpenRecording_haveSixteenScorableWindowsIn43Minutes() throws IOException {
    Optional<Path> file = openLabels();
    if (file.isEmpty()) {
      return;
    }

    Judgement judgement =
        new Judge(JudgeSettings.DEFAULT).judge(files.labels(file.get()), List.of());

    assertThat(judgement.scorableWindows()).isEqualTo(16);
    assertThat(judgement.windows()).hasSize(24);
    assertThat(judgement.coveredHours() * 60).isBetween(43.0, 43.2);
    assertThat(judgement.faultFreeHours()).isBetween(0.2, 0.25);
    assertThat(judgement.chance().services()).isEqualTo(10);
  }

  /** The labels of the open recording beside the checkout; a visible line where there are none. */
  private static Optional<Path> openLabels() {
    String name = "shared/data/online-boutique-2022-08-22/labels.json";
    Path above = Path.of("").toAbsolutePath();
    while (above != null) {
      if (Files.exists(above.resolve(name))) {
        return Optional.of(above.resolve(name));
      }
      above = above.getParent();
    }
    System.out.println("SKIPPED: " + name + " not found beside the checkout");
    return Optional.empty();
  }

  private Path write(String json) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "file", ".json"), json);
  }
}
