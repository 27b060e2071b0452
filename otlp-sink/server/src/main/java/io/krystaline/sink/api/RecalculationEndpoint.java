package io.krystaline.sink.api;

import io.krystaline.platform.http.HttpException;
import io.krystaline.platform.http.HttpRequest;
import io.krystaline.sink.recalculate.RecalculationSchedule;
import io.krystaline.sink.recalculate.Recalculator;
import io.krystaline.sink.store.RecalculationKind;
import io.krystaline.sink.store.RecalculationRun;
import io.krystaline.sink.store.RecalculationStart;
import io.krystaline.sink.store.RecalculationState;
import io.krystaline.sink.view.RecalculationRunView;
import io.krystaline.sink.view.RecalculationView;
import java.util.List;
import java.util.Locale;

/** Answers {@code recalculate}: the job's state, and the wish to begin a run. */
final class RecalculationEndpoint {
  private static final int RUNS_SHOWN = 20;

  private final Recalculator recalculator;
  private final RecalculationSchedule schedule;

  RecalculationEndpoint(Recalculator recalculator, RecalculationSchedule schedule) {
    this.recalculator = recalculator;
    this.schedule = schedule;
  }

  RecalculationView state(HttpRequest request) {
    ApiParameters.of(request.query());
    return view();
  }

  /** Begins a run; 409 while one is under way. */
  RecalculationView begin(HttpRequest request) {
    RecalculationKind kind =
        ApiParameters.of(request.query(), "kind")
            .word("kind", List.of("full", "incremental"))
            .map(word -> RecalculationKind.valueOf(word.toUpperCase(Locale.ROOT)))
            .orElse(RecalculationKind.FULL);
    return switch (recalculator.request(kind)) {
      case RecalculationStart.Started _ -> view();
      case RecalculationStart.AlreadyRunning(RecalculationRun run) ->
          throw new HttpException(
              409,
              "a recalculation (%s) is under way since %s"
                  .formatted(run.kind().name().toLowerCase(Locale.ROOT), run.started()));
    };
  }

  private RecalculationView view() {
    List<RecalculationRun> runs = recalculator.latest(RUNS_SHOWN);
    boolean running = !runs.isEmpty() && runs.getFirst().state() == RecalculationState.RUNNING;
    return new RecalculationView(
        running ? "running" : "idle",
        schedule.schedule().expression(),
        schedule.schedule().zone().getId(),
        schedule.next().orElse(null),
        runs.stream().map(RecalculationRunView::of).toList(),
        null);
  }
}
