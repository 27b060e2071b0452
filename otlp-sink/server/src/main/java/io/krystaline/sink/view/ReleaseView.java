package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.krystaline.engine.release.ReleaseState;
import io.krystaline.engine.span.SpanKind;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A version of a service, and what the release court says of it.
 *
 * @param previousVersion what it was compared with; null where it was not
 * @param verdict the court's verdict, in lower case
 * @param since when the verdict became what it is
 * @param reasons the numbers behind it, the strongest first
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ReleaseView(
    String service,
    String version,
    @Nullable String previousVersion,
    Instant firstSeen,
    Instant lastSeen,
    long spans,
    String verdict,
    Instant since,
    List<ReasonView> reasons) {
  private static final double NANOS_PER_MILLI = 1e6;

  /** Two versions on one operation; durations are exclusive times. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record ReasonView(
      String operation,
      SpanKind kind,
      long previousSpans,
      long spans,
      double previousP50Millis,
      double p50Millis,
      double previousP95Millis,
      double p95Millis,
      double previousErrorShare,
      double errorShare,
      double pValue,
      String text) {
    private static ReasonView of(ReleaseState.Reason reason) {
      return new ReasonView(
          reason.operation(),
          reason.kind(),
          reason.previousSpans(),
          reason.spans(),
          reason.previousP50Nanos() / NANOS_PER_MILLI,
          reason.p50Nanos() / NANOS_PER_MILLI,
          reason.previousP95Nanos() / NANOS_PER_MILLI,
          reason.p95Nanos() / NANOS_PER_MILLI,
          reason.previousErrorShare(),
          reason.errorShare(),
          reason.pValue(),
          reason.text());
    }
  }

  /** The view of what the court knows. */
  public static ReleaseView of(ReleaseState state) {
    return new ReleaseView(
        state.service(),
        state.version(),
        state.previousVersion(),
        EpochNanos.toInstant(state.firstSeenNanos()),
        EpochNanos.toInstant(state.lastSeenNanos()),
        state.spans(),
        state.verdict().name().toLowerCase(Locale.ROOT),
        EpochNanos.toInstant(state.sinceNanos()),
        state.reasons().stream().map(ReasonView::of).toList());
  }
}
