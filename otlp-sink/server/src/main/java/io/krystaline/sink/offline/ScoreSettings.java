package io.krystaline.sink.offline;

import io.krystaline.engine.baseline.BaselineSettings;
import io.krystaline.engine.baseline.DirectoryLimits;
import io.krystaline.engine.incident.UseCaseRules;
import io.krystaline.engine.score.ScoringSettings;
import io.krystaline.engine.score.TimeRange;
import io.krystaline.sink.detect.DetectionSetup;
import java.nio.file.Path;
import java.util.List;

/**
 * What a score run reads, and how.
 *
 * @param learn recordings that only teach; may be empty
 * @param learnRange which of their spans teach, by start time
 * @param files recordings to score, in this order
 * @param scoreRange which of their spans are scored, by start time; the others do not teach either
 * @param out folder for the results, made where missing
 * @param documentBytesMax limit of one JSON line or document, or one ResourceSpans
 */
public record ScoreSettings(
    List<Path> learn,
    TimeRange learnRange,
    List<Path> files,
    TimeRange scoreRange,
    Path out,
    int documentBytesMax,
    BaselineSettings baselines,
    DirectoryLimits limits,
    ScoringSettings scoring,
    DetectionSetup detection,
    UseCaseRules useCases) {
  public ScoreSettings {
    learn = List.copyOf(learn);
    files = List.copyOf(files);
  }
}
