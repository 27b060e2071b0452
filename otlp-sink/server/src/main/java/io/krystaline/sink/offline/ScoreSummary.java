package io.krystaline.sink.offline;

import io.krystaline.engine.assemble.AssemblyCounts;
import java.util.List;
import java.util.Map;

/**
 * The result of a score run, as {@code summary.json}.
 *
 * @param spans spans scored
 * @param traces distinct traces among them
 * @param tracesExact false where there were so many that {@code traces} is an estimate
 * @param anomalies anomalies written
 * @param anomaliesBySeverity the same by level, {@code "1"} to {@code "5"}
 * @param marksBySeverity spans beyond each level's threshold and no worse one, written or not
 * @param incidents incidents found
 * @param assembly what became of the spans on their way into traces
 * @param learned spans that the {@code --learn} files taught
 * @param rejected spans, documents and parts of files that could not be used
 * @param rejectedByReason the same by reason
 * @param corrupt where files were corrupt, at most 100 places
 * @param seconds wall-clock time of the run
 * @param spansPerSecond spans scored and learned per second
 */
record ScoreSummary(
    long spans,
    long traces,
    boolean tracesExact,
    long anomalies,
    Map<String, Long> anomaliesBySeverity,
    Map<String, Long> marksBySeverity,
    int incidents,
    AssemblyCounts assembly,
    long learned,
    long rejected,
    Map<String, Long> rejectedByReason,
    List<CorruptPlace> corrupt,
    double seconds,
    double spansPerSecond) {

  /**
   * A place in a file that could not be read.
   *
   * @param file the file as given
   * @param place the line or message
   * @param reason what is wrong with it
   */
  record CorruptPlace(String file, String place, String reason) {}
}
