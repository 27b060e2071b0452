package io.krystaline.sink.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every configuration in {@code collector-config/} is one that a real collector takes. */
class CollectorConfigurationTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String TEE = "tee.yaml";
  private static final String EXISTING = "examples/existing.yaml";

  @TempDir private Path folder;

  /** Configurations as they are meant to be used: one file, or one laid over another. */
  static Stream<List<String>> uses() {
    return Stream.of(
        List.of(TEE),
        List.of(EXISTING),
        List.of(EXISTING, "add-krystaline.yaml"),
        List.of("span-metrics.yaml"));
  }

  @ParameterizedTest
  @MethodSource("uses")
  void validate_eachConfiguration_isAccepted(List<String> files) {
    assertThat(validate(files, Map.of())).isZero();
  }

  @ParameterizedTest
  @MethodSource("variables")
  void validate_teeWithItsVariablesSet_isAccepted(Map<String, String> environment) {
    assertThat(validate(List.of(TEE), environment)).isZero();
  }

  static Stream<Map<String, String>> variables() {
    return Stream.of(
        Map.of("TEE_BACKEND", "otlp_grpc/backend", "TEE_BACKEND_ENDPOINT", "tempo:4317"),
        Map.of("TEE_BACKEND", "debug"),
        Map.of("TEE_SINK_COMPRESSION", "gzip", "TEE_SINK_INSECURE", "false"),
        Map.of("TEE_SINK_COMPRESSION", "zstd", "TEE_CORS_ORIGIN", "https://shop.example"));
  }

  @Test
  void validate_backendThatIsNotConfigured_isRefused() {
    assertThat(validate(List.of(TEE), Map.of("TEE_BACKEND", "nowhere"))).isNotZero();
  }

  @Test
  void uses_everyConfigurationInTheFolder_isCovered() throws IOException {
    Path configurations = Repository.resolve("collector-config");
    Set<String> used = uses().flatMap(List::stream).collect(Collectors.toCollection(TreeSet::new));
    try (Stream<Path> files = Files.walk(configurations)) {
      assertThat(
              files
                  .map(file -> configurations.relativize(file).toString())
                  .filter(file -> file.endsWith(".yaml") && !file.equals("builder.yaml")))
          .containsExactlyInAnyOrderElementsOf(used);
    }
  }

  private int validate(List<String> files, Map<String, String> environment) {
    List<String> command =
        new ArrayList<>(List.of(Peer.COLLECTOR.require().toString(), "validate"));
    files.forEach(
        file -> {
          command.add("--config");
          command.add(Repository.resolve("collector-config").resolve(file).toString());
        });
    try (PeerProcess collector = PeerProcess.start("validate", folder, environment, command)) {
      return collector.awaitExit(LIMIT);
    }
  }
}
