package io.krystaline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchCommandTest {
  private final StringWriter output = new StringWriter();

  private int bench(String... arguments) {
    return new CommandLine(new BenchCommand())
        .setOut(new PrintWriter(output))
        .setErr(new PrintWriter(output))
        .execute(arguments);
  }

  @Test
  void help_namesTheOptions() {
    assertThat(bench("--help")).isZero();
    assertThat(output.toString())
        .contains("--batch", "--operations", "--compression", "--connections", "--rate")
        .contains("--duration", "--rounds", "--warmup", "--target", "--smoke", "--anomalies");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--batch=0",
        "--operations=0",
        "--rounds=0",
        "--duration=-1",
        "--duration=0",
        "--connections=0",
        "--in-flight=0",
        "--target=127.0.0.1:4317",
        "--target=x",
        "--anomalies=0.5",
        "--probe=NaN",
        "--protocol=smtp",
        "--against-process=true",
        "--against-executor=none",
        "--memory=5",
        "--memory=5,5",
        "--nonsense"
      })
  void wrongOptions_areNamed_withTheUsageCode(String option) {
    assertThat(bench(option)).isEqualTo(2);
    assertThat(output.toString()).isNotBlank();
  }

  @Test
  void percentiles_ofAShare_leaveThatMuchToTheTwoWorst() {
    assertThat(TargetOptions.percentiles(0.01))
        .containsEntry("baselines.sev1-percentile", "99.9")
        .containsEntry("baselines.sev2-percentile", "99")
        .containsEntry("baselines.sev3-percentile", "95");
    assertThat(TargetOptions.percentiles(0.0001))
        .containsEntry("baselines.sev2-percentile", "99.990");
    assertThatIllegalArgumentException().isThrownBy(() -> TargetOptions.percentiles(0));
  }
}
