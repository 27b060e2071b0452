package io.krystaline.sink;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.krystaline.platform.json.JsonBounds;
import io.krystaline.platform.json.StrictJson;
import io.krystaline.sink.judge.Interval;
import io.krystaline.sink.judge.Judge;
import io.krystaline.sink.judge.JudgeFiles;
import io.krystaline.sink.judge.JudgeSettings;
import io.krystaline.sink.judge.Judgement;
import io.krystaline.sink.judge.JudgementReport;
import io.krystaline.sink.judge.Labels;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code krystaline judge}: holds incidents against labelled faults. */
@Command(
    name = "judge",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Holds the incidents of a score run against labelled faults: which faults were found, how"
          + " soon,",
      "with which suspects, how many incidents were false, and what blind guesses would give."
    })
final class JudgeCommand implements Callable<Integer> {
  private static final long FILE_LENGTH_MAX = 1L << 30;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "incidents.json, as score writes it.")
  private Path incidents = Path.of("incidents.json");

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      required = true,
      description = "The labelled faults.")
  private Path labels = Path.of("labels.json");

  @Option(names = "--out", paramLabel = "FILE", description = "Also write the figures as JSON.")
  private @Nullable Path out;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Judge from this time on (ISO-8601), where the detector saw only a part.")
  private @Nullable Instant from;

  @Option(names = "--until", paramLabel = "TIME", description = "Judge up to this time.")
  private @Nullable Instant until;

  @Option(
      names = "--lateness-seconds",
      paramLabel = "N",
      defaultValue = "60",
      description =
          "How long after a fault an incident may open and find it (default: ${DEFAULT-VALUE}).")
  private int latenessSeconds = 60;

  @Option(
      names = "--tail-seconds",
      paramLabel = "N",
      defaultValue = "120",
      description = "How long after a fault an incident is not false (default: ${DEFAULT-VALUE}).")
  private int tailSeconds = 120;

  @Override
  public Integer call() throws Exception {
    ObjectMapper mapper =
        StrictJson.mapper(
            new JsonBounds(
                FILE_LENGTH_MAX,
                JsonBounds.DEFAULT.depthMax(),
                JsonBounds.DEFAULT.stringLengthMax(),
                JsonBounds.DEFAULT.nameLengthMax(),
                JsonBounds.DEFAULT.numberLengthMax()));
    JudgeFiles files = new JudgeFiles(mapper);
    Labels truth = files.labels(labels);
    if (from != null || until != null) {
      truth = truth.within(new Interval(nanos(from, 0), nanos(until, Long.MAX_VALUE)));
    }
    JudgeSettings settings =
        new JudgeSettings(Duration.ofSeconds(latenessSeconds), Duration.ofSeconds(tailSeconds));
    Judgement judgement = new Judge(settings).judge(truth, files.incidents(incidents));
    if (out != null) {
      mapper.writerWithDefaultPrettyPrinter().writeValue(out.toFile(), judgement);
    }
    spec.commandLine().getOut().print(JudgementReport.text(judgement));
    spec.commandLine().getOut().flush();
    return 0;
  }

  private static long nanos(@Nullable Instant time, long otherwise) {
    return time == null
        ? otherwise
        : Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
  }
}
