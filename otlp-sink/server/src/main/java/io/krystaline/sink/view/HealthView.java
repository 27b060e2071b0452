package io.krystaline.sink.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the watched services do, and whether the sink itself is at work.
 *
 * @param status the worst of the services: {@code degraded}, {@code silent} (only when all are),
 *     {@code learning} (only when all are) or {@code healthy}; {@code idle} when none is known
 * @param time when this was taken
 * @param activeAnomalies of all services
 * @param recalculation the last run of the recalculation; null before the first
 * @param items one row per service, by name
 * @param nextCursor always null: services are bounded in number and are one page
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record HealthView(
    String status,
    Instant time,
    long activeAnomalies,
    @Nullable RecalculationRunView recalculation,
    List<ServiceHealthView> items,
    @Nullable String nextCursor) {
  public HealthView {
    items = List.copyOf(items);
  }
}
