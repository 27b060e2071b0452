package io.krystaline.engine.release;

import io.krystaline.engine.span.SpanKind;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a version. Times are nanoseconds since the epoch, at the ends of ticks.
 *
 * @param previousVersion what it was compared with; null where it was not
 * @param spans spans seen of it
 * @param sinceNanos when the verdict became what it is
 * @param reasons the numbers behind the verdict, the strongest first
 */
public record ReleaseState(
    String service,
    String version,
    @Nullable String previousVersion,
    long firstSeenNanos,
    long lastSeenNanos,
    long spans,
    Verdict verdict,
    long sinceNanos,
    List<Reason> reasons) {
  public ReleaseState {
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(verdict, "verdict");
    reasons = List.copyOf(reasons);
  }

  /**
   * Two versions on one operation. Durations are exclusive times in nanoseconds, within 4 %; what
   * is said of the old version is of about its last two hours.
   *
   * @param pValue how likely so much evidence is at the most, were the version no worse, over all
   *     looks at it
   * @param text one sentence for a person
   */
  public record Reason(
      String operation,
      SpanKind kind,
      long previousSpans,
      long spans,
      long previousP50Nanos,
      long p50Nanos,
      long previousP95Nanos,
      long p95Nanos,
      double previousErrorShare,
      double errorShare,
      double pValue,
      String text) {
    public Reason {
      Objects.requireNonNull(operation, "operation");
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(text, "text");
    }
  }
}
