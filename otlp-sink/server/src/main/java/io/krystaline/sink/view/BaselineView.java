package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.krystaline.engine.baseline.Baseline;
import io.krystaline.engine.span.OperationKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an operation normally does, over all hours of the last 30 days.
 *
 * @param id names the operation in URLs, see {@link OperationId}
 * @param kind upper-case name of the span's kind
 * @param samples number of spans behind the figures
 * @param provisional whether this was learned since the start only, before the first recalculation
 * @param thresholds from where on a span has a severity
 * @param current how it does at the moment; left out in files
 */
public record BaselineView(
    String id,
    String service,
    String operation,
    String kind,
    long samples,
    double meanMillis,
    double stdDevMillis,
    double minMillis,
    double maxMillis,
    double p50Millis,
    double p95Millis,
    double p99Millis,
    boolean provisional,
    ThresholdsView thresholds,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable CurrentView current) {
  private static final double NANOS_PER_MILLI = 1e6;

  /** The view of an operation's baseline; empty while the operation is still learning. */
  public static Optional<BaselineView> of(
      OperationKey key, Baseline baseline, boolean provisional) {
    if (baseline.isLearning()) {
      return Optional.empty();
    }
    return baseline
        .global()
        .map(
            all ->
                new BaselineView(
                    OperationId.of(key),
                    key.service(),
                    key.operation(),
                    key.kind().name(),
                    baseline.samples(),
                    all.meanNanos() / NANOS_PER_MILLI,
                    all.stdDevNanos() / NANOS_PER_MILLI,
                    all.minNanos() / NANOS_PER_MILLI,
                    all.maxNanos() / NANOS_PER_MILLI,
                    all.p50Nanos() / NANOS_PER_MILLI,
                    all.p95Nanos() / NANOS_PER_MILLI,
                    all.p99Nanos() / NANOS_PER_MILLI,
                    provisional,
                    ThresholdsView.of(baseline.thresholds()),
                    null));
  }

  /** The same with the current state beside it. */
  public BaselineView with(CurrentView now) {
    return new BaselineView(
        id,
        service,
        operation,
        kind,
        samples,
        meanMillis,
        stdDevMillis,
        minMillis,
        maxMillis,
        p50Millis,
        p95Millis,
        p99Millis,
        provisional,
        thresholds,
        now);
  }
}
