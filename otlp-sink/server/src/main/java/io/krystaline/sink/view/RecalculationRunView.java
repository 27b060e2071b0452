package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.krystaline.sink.store.RecalculationRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One run of the recalculation.
 *
 * @param kind {@code full} or {@code incremental}
 * @param state {@code running}, {@code succeeded} or {@code failed}
 * @param finishedAt null while it runs
 * @param durationMillis null while it runs
 * @param operations how many baselines it has built so far
 * @param error why it failed, else null
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record RecalculationRunView(
    String kind,
    String state,
    Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Double durationMillis,
    long operations,
    @Nullable String error) {

  /** The view of a run. */
  public static RecalculationRunView of(RecalculationRun run) {
    Instant finished = run.finished();
    return new RecalculationRunView(
        run.kind().name().toLowerCase(Locale.ROOT),
        run.state().name().toLowerCase(Locale.ROOT),
        run.started(),
        finished,
        finished == null ? null : Duration.between(run.started(), finished).toNanos() / 1e6,
        run.operations(),
        run.error());
  }
}
