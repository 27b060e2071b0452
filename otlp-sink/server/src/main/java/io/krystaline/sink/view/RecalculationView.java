package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The recalculation job.
 *
 * @param state {@code idle} or {@code running}
 * @param schedule the cron expression
 * @param zone the time zone of the schedule and of the hour buckets
 * @param nextRunAt when the schedule starts it next; null where the schedule never does
 * @param items the running one and the last ones, newest first
 * @param nextCursor always null: older runs are not paged
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record RecalculationView(
    String state,
    String schedule,
    String zone,
    @Nullable Instant nextRunAt,
    List<RecalculationRunView> items,
    @Nullable String nextCursor) {
  public RecalculationView {
    items = List.copyOf(items);
  }
}
