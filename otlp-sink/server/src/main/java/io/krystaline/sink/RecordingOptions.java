package io.krystaline.sink;

import io.krystaline.engine.score.TimeRange;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What commands that read recordings have in common, and the options of those that learn first. */
final class RecordingOptions {
  /** Limit of one document of a recording, in bytes, for all commands that read some. */
  static final int DOCUMENT_BYTES_MAX = 512 << 20;

  @Option(
      names = "--learn",
      paramLabel = "FILE",
      description = "A recording that only teaches; repeatable.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--learn-from",
      paramLabel = "TIME",
      description = "Teach with spans from this time on (ISO-8601).")
  private @Nullable Instant from;

  @Option(
      names = "--learn-until",
      paramLabel = "TIME",
      description = "Teach with spans before this time.")
  private @Nullable Instant until;

  List<Path> files() {
    return files;
  }

  /** Which of their spans teach, by start time. */
  TimeRange range() {
    return range(from, until);
  }

  /** The range between two options, either of which may not have been given. */
  static TimeRange range(@Nullable Instant from, @Nullable Instant until) {
    if (from == null && until == null) {
      return TimeRange.ALL;
    }
    return TimeRange.between(
        from == null ? Instant.EPOCH : from,
        until == null ? Instant.ofEpochSecond(0, Long.MAX_VALUE) : until);
  }
}
